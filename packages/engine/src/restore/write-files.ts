import { extentsIn } from '../content/extents-in.ts';
import { printablePath, sortKeyOf } from '../content/sort-key.ts';
import type { PlacedExtent } from '../extent/map-reader.ts';
import type { FileToWrite, WriteFilesOptions } from '../repository.ts';
import type { StoredItem } from '../tree/leaf-decoder.ts';
import type { NodeReader } from '../tree/tree-reader.ts';
import type { PlannedFile } from './file-plan.ts';
import { FileWriter, type FileWriterOptions } from './file-writer.ts';
import { RangeRunner } from './range-runner.ts';

const BATCH_FILES = 4096;
const BATCH_BYTES = 512 * 1024 * 1024;

export interface WriteFilesContext extends Omit<FileWriterOptions, 'overExisting' | 'signal' | 'runner'> {
  readonly readNode: NodeReader;
  find(key: Buffer): Promise<StoredItem | undefined>;
}

/** Collects files into batches that are planned together; the next batch is planned while one is written. */
export async function writeFiles(
  context: WriteFilesContext,
  files: AsyncIterable<FileToWrite>,
  options: WriteFilesOptions,
): Promise<void> {
  const runner = new RangeRunner(context.store, context.session);
  let batch: RequestedFile[] = [];
  let bytes = 0;
  let writing: Promise<void> = Promise.resolve();
  const flush = async () => {
    const full = batch;
    batch = [];
    bytes = 0;
    await writing;
    writing = writeBatch({ ...context, runner }, full, options);
    // The failure is taken up by the next flush; it must not count as unhandled until then.
    writing.catch(() => undefined);
  };
  for await (const file of files) {
    options.signal.throwIfAborted();
    const requested = await plan(context, file, options);
    if (requested === undefined) continue;
    batch.push(requested);
    bytes += requested.planned.sizeBytes;
    if (batch.length >= BATCH_FILES || bytes >= BATCH_BYTES) await flush();
  }
  await flush();
  await writing;
}

/** A file as the caller asked for it, told back when it is done, and what is to be written. */
interface RequestedFile {
  readonly request: FileToWrite;
  readonly planned: PlannedFile;
}

async function plan(
  context: WriteFilesContext,
  file: FileToWrite,
  options: WriteFilesOptions,
): Promise<RequestedFile | undefined> {
  const item = await context.find(sortKeyOf(file.item));
  if (item === undefined || item.content.form === 'none') {
    const message = `the recovery point has no content for ${JSON.stringify(printablePath(file.item))}`;
    options.done(file, { bytes: 0, issue: { path: file.item, code: 'no-content', message, dataMissing: true } });
    return undefined;
  }
  const extents: PlacedExtent[] = [];
  for await (const extent of extentsIn(item.content, context.readNode)) extents.push(extent);
  const planned = { item: file.item, path: file.file, sizeBytes: item.sizeBytes, content: item.content, extents };
  return { request: file, planned };
}

async function writeBatch(
  context: WriteFilesContext & { readonly runner: RangeRunner },
  batch: readonly RequestedFile[],
  options: WriteFilesOptions,
): Promise<void> {
  if (batch.length === 0) return;
  const { overExisting, signal } = options;
  const results = await new FileWriter(
    { ...context, overExisting, signal },
    batch.map(({ planned }) => planned),
  ).run();
  results.forEach((result, index) => {
    const requested = batch[index];
    if (requested !== undefined) options.done(requested.request, result);
  });
}
