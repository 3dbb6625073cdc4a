import { chunkRefFromJson, chunkRefToJson } from '../content/chunk-ref.ts';
import { IssuePages } from '../point/issue-pages.ts';
import type { SealedRecoveryPoint } from '../point/recovery-point.ts';
import type { BackupItemsRequest } from '../repository.ts';
import { TreeBuilder } from '../tree/tree-builder.ts';
import { TreeReader } from '../tree/tree-reader.ts';
import type { BackupRun } from './backup-run.ts';
import { ItemReader } from './item-reader.ts';
import { ItemsPipeline } from './items-pipeline.ts';
import { ParentCursor } from './parent-cursor.ts';

/** Backs up items: reads the entries into an item tree and seals it. */
export async function backupItems(
  run: BackupRun,
  request: BackupItemsRequest,
  content: 'items' | 'log',
): Promise<SealedRecoveryPoint> {
  const { vault, session } = run;
  const issues = new IssuePages(run.sealCounted);
  const cursor = openCursor(run);
  const pipeline = new ItemsPipeline({
    request,
    session,
    parent: cursor,
    readParentNode: run.parent?.readNode ?? (() => Promise.reject(new Error('there is no parent'))),
    tree: new TreeBuilder(run.sealCounted),
    issuePages: issues,
    uses: run.uses,
    storedBytes: () => run.storedBytes,
    clock: vault.clock,
  });
  const abort = new AbortController();
  session.failed.catch((error: unknown) => abort.abort(error));
  const reader = new ItemReader({
    session,
    sealMapNode: (kind, bytes) => session.sealNode(kind, bytes),
    smallBytes: vault.chunking.smallBytes,
    signal: abort.signal,
    onIssue: (issue) => pipeline.addIssue(issue),
    onReady: () => pipeline.drain(),
  });
  try {
    const built = await pipeline.run(reader, abort.signal);
    const pages = await issues.finish();
    const { lossCount, ...counts } = pipeline.counts;
    const summary = await run.seal({
      content,
      counts,
      outcome: lossCount > 0 ? 'partial' : 'complete',
      chunking: vault.chunking,
      ...(built.root === undefined ? {} : { root: chunkRefToJson(built.root) }),
      height: built.height,
      issues: pages.map(chunkRefToJson),
    });
    return { ...summary, issues: pipeline.issues };
  } finally {
    await cursor.close();
  }
}

function openCursor(run: BackupRun): ParentCursor {
  return new ParentCursor(parentTree(run), (ref) => run.known.addParentNode(ref));
}

/** The item tree of the parent, when there is one. */
export function parentTree({ parent }: BackupRun): TreeReader | undefined {
  if (parent === undefined) return undefined;
  const { root, height } = parent.point.body;
  return new TreeReader(parent.readNode, root && chunkRefFromJson(root), height);
}
