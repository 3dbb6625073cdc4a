import { chunkRefToJson } from '../content/chunk-ref.ts';
import type { ItemIssue } from '../content/item-record.ts';
import { EngineError } from '../engine-error.ts';
import { IssuePages } from '../point/issue-pages.ts';
import type { SealedRecoveryPoint } from '../point/recovery-point.ts';
import type { BackupImageRequest } from '../repository.ts';
import type { BackupRun } from './backup-run.ts';
import { BlockReader } from './block-reader.ts';
import { BlockStates } from './block-states.ts';
import { ImageMapBuilder } from './image-map-builder.ts';
import { ParentImage } from './parent-image.ts';

const DEFAULT_BLOCK_BYTES = 1_048_576;
const MIN_BLOCK_BYTES = 65_536;
const MAX_BLOCK_BYTES = 4_194_304;
/** Blocks of one map leaf (docs/format/trees.md). */
export const LEAF_BLOCKS = 1024;

/** @throws EngineError `invalid-argument` */
export function checkImageRequest({ blockBytes = DEFAULT_BLOCK_BYTES, sizeBytes }: BackupImageRequest): void {
  const isPower = Number.isInteger(Math.log2(blockBytes));
  if (!isPower || blockBytes < MIN_BLOCK_BYTES || blockBytes > MAX_BLOCK_BYTES) {
    throw new EngineError('invalid-argument', `blocks have 64 KiB to 4 MiB, a power of two, not ${blockBytes} bytes`);
  }
  if (!Number.isSafeInteger(sizeBytes) || sizeBytes < 0) {
    throw new EngineError('invalid-argument', `an image cannot have ${sizeBytes} bytes`);
  }
}

/** Backs up an image leaf by leaf: 1,024 blocks of states, of which only what must be read is read. */
export async function backupImage(run: BackupRun, request: BackupImageRequest): Promise<SealedRecoveryPoint> {
  const blockBytes = request.blockBytes ?? DEFAULT_BLOCK_BYTES;
  const issues: ItemIssue[] = [];
  const first = await writeImage(run, request, blockBytes, false);
  // A hint was wrong: all hints are dropped. What was stored meanwhile is found again by its chunk IDs.
  const image = first ?? (await writeImage(run, request, blockBytes, true));
  if (image === undefined) throw new Error('an image without hints cannot have wrong hints');
  if (first === undefined) {
    issues.push({
      path: new Uint8Array(0),
      code: 'change-tracking-wrong',
      message: 'a block that was said to be unchanged has changed; the whole image was read',
      dataMissing: false,
    });
  }
  const pages = new IssuePages(run.sealCounted);
  for (const issue of issues) pages.add(issue);
  const { root, height, uses } = image.map;
  if (root !== undefined) run.uses.add(root, 'tree');
  for (const { packId, kind, usedBytes } of uses) run.uses.addBytes(packId, kind, usedBytes);
  const summary = await run.seal({
    content: 'image',
    chunking: { blockBytes },
    sizeBytes: request.sizeBytes,
    ...(root === undefined ? {} : { root: chunkRefToJson(root) }),
    height,
    issues: (await pages.finish()).map(chunkRefToJson),
    outcome: 'complete',
    counts: {
      itemCount: 1,
      logicalBytes: request.sizeBytes,
      reusedItemCount: 0,
      reusedBytes: image.reusedBytes,
      issueCount: issues.length,
      missingCount: 0,
    },
  });
  return { ...summary, issues };
}

interface WrittenImage {
  readonly map: Awaited<ReturnType<ImageMapBuilder['finish']>>;
  readonly reusedBytes: number;
}

/** @returns undefined when a block that was hinted as unchanged has changed */
async function writeImage(
  run: BackupRun,
  request: BackupImageRequest,
  blockBytes: number,
  ignoreHints: boolean,
): Promise<WrittenImage | undefined> {
  const parent = ParentImage.of(run.parent, blockBytes);
  const states = new BlockStates(request, blockBytes, ignoreHints);
  const blocks = new BlockReader(run.session, request, blockBytes);
  const builder = new ImageMapBuilder((kind, bytes) => run.session.sealNode(kind, bytes));
  const probe = request.confidence === 'certain' ? undefined : Math.floor(run.vault.clock() / 1000) % 100;
  const blockCount = Math.ceil(request.sizeBytes / blockBytes);
  let reusedBytes = 0;
  for (let leaf = 0; leaf * LEAF_BLOCKS < blockCount; leaf += 1) {
    const from = leaf * LEAF_BLOCKS;
    const count = Math.min(LEAF_BLOCKS, blockCount - from);
    const wanted = await states.next(from, count);
    const before = await parent?.next();
    const { extents, reused, isHintWrong } = await blocks.read(from, wanted, before?.extents, probe);
    if (isHintWrong) {
      await states.close();
      return undefined;
    }
    reusedBytes += reused * blockBytes;
    await builder.addLeaf(extents, before);
    report(run, request, Math.min(request.sizeBytes, (from + count) * blockBytes));
  }
  await states.close();
  return { map: await builder.finish(), reusedBytes: Math.min(reusedBytes, request.sizeBytes) };
}

function report(run: BackupRun, request: BackupImageRequest, logicalBytes: number): void {
  const { readBytes } = run.session;
  request.onProgress?.({ itemCount: 1, logicalBytes, readBytes, storedBytes: run.storedBytes, issueCount: 0 });
}
