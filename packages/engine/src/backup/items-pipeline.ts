import type { ItemEntry, ItemIssue, ItemRecord } from '../content/item-record.ts';
import { sortKeyOf } from '../content/sort-key.ts';
import { mapUses } from '../extent/map-reader.ts';
import type { IssuePages } from '../point/issue-pages.ts';
import type { BackupItemsRequest, BackupProgress } from '../repository.ts';
import type { StoredItem } from '../tree/leaf-decoder.ts';
import type { BuiltTree, TreeBuilder } from '../tree/tree-builder.ts';
import type { NodeReader } from '../tree/tree-reader.ts';
import type { BuiltContent } from './content-builder.ts';
import type { ItemReader } from './item-reader.ts';
import type { PackUses } from './pack-uses.ts';
import type { ParentCursor } from './parent-cursor.ts';
import { type Slot, SlotQueue } from './slot-queue.ts';
import type { WriteSession } from './write-session.ts';

/** Items that may wait for one slow content before the source is asked to wait. */
const SLOTS_MAX = 20_000;
const PROGRESS_MS = 250;
const ISSUES_RETURNED = 1000;
const NO_CONTENT: BuiltContent = { content: { form: 'none' }, mapUses: [] };

export interface ItemsPipelineOptions {
  readonly request: BackupItemsRequest;
  readonly session: WriteSession;
  readonly parent: ParentCursor;
  readonly readParentNode: NodeReader;
  readonly tree: TreeBuilder;
  readonly issuePages: IssuePages;
  readonly uses: PackUses;
  readonly storedBytes: () => number;
  readonly clock: () => number;
}

/** What the pipeline counted. */
export interface PipelineCounts {
  itemCount: number;
  logicalBytes: number;
  reusedItemCount: number;
  reusedBytes: number;
  issueCount: number;
  missingCount: number;
  /** Issues that make the outcome `partial`. */
  lossCount: number;
}

/** Takes the entries of a source, joins them with the parent's items, and puts them into the tree in order. */
export class ItemsPipeline {
  readonly #options: ItemsPipelineOptions;
  readonly #slots = new SlotQueue();
  readonly issues: ItemIssue[] = [];
  readonly counts: PipelineCounts = {
    itemCount: 0,
    logicalBytes: 0,
    reusedItemCount: 0,
    reusedBytes: 0,
    issueCount: 0,
    missingCount: 0,
    lossCount: 0,
  };
  #treeBusy: Promise<void> | undefined;
  #reportedAt = 0;
  #wake: (() => void) | undefined;
  #failNext: ((error: unknown) => void) | undefined;

  constructor(options: ItemsPipelineOptions) {
    this.#options = options;
  }

  addIssue(issue: ItemIssue): void {
    this.counts.issueCount += 1;
    if (issue.dataMissing) this.counts.missingCount += 1;
    // What was deleted during the backup is no loss of the backup's.
    if (issue.dataMissing && issue.code !== 'vanished') this.counts.lossCount += 1;
    if (this.issues.length < ISSUES_RETURNED) this.issues.push(issue);
    this.#options.issuePages.add(issue);
  }

  /** Moves finished items from the queue into the tree. */
  drain(): void {
    for (let slot = this.#slots.shiftReady(); slot !== undefined; slot = this.#slots.shiftReady()) {
      this.#emit(slot.key, slot.item, slot.built);
    }
    this.#wake?.();
  }

  #emit(key: Buffer, item: ItemRecord, { content, mapUses: below }: BuiltContent): void {
    const { uses, tree } = this.#options;
    if (content.form === 'extents') {
      for (const { chunk } of content.extents) if (chunk !== undefined) uses.add(chunk, 'data');
    } else if (content.form === 'map') {
      uses.add(content.root, 'tree');
      for (const { packId, kind, usedBytes } of below) uses.addBytes(packId, kind, usedBytes);
    }
    this.counts.itemCount += 1;
    // A further name of the same file holds nothing of its own.
    if (item.hardLinkTo === undefined) this.counts.logicalBytes += item.sizeBytes;
    this.#treeBusy = tree.add(key, item, content) ?? this.#treeBusy;
  }

  /** Takes all entries. @returns the finished tree */
  async run(reader: ItemReader, signal: AbortSignal): Promise<BuiltTree> {
    const iterator = this.#options.request.entries[Symbol.asyncIterator]();
    this.#options.session.failed.catch((error: unknown) => {
      this.#failNext?.(error);
      this.#wake?.();
    });
    try {
      for (;;) {
        const step = await this.#next(iterator);
        if (step.done === true) break;
        signal.throwIfAborted();
        if ('issue' in step.value) this.addIssue(step.value.issue);
        else await this.#takeItem(step.value.item, reader);
        this.#report(false);
      }
    } catch (error) {
      iterator.return?.()?.catch(() => undefined);
      throw error;
    }
    await reader.finish();
    this.drain();
    if (this.#slots.size > 0) throw new Error(`${this.#slots.size} items never got their content`);
    const built = await this.#options.tree.finish();
    this.#report(true);
    return built;
  }

  /** The next entry. A source that hangs must not keep a failed or cancelled backup alive. */
  #next(iterator: AsyncIterator<ItemEntry>): Promise<IteratorResult<ItemEntry>> {
    this.#options.session.throwIfFailed();
    return new Promise((resolve, reject) => {
      this.#failNext = reject;
      iterator.next().then(resolve, reject);
    });
  }

  async #takeItem(item: ItemRecord, reader: ItemReader): Promise<void> {
    const key = sortKeyOf(item.path);
    const { parent } = this.#options;
    while (!parent.isReadyFor(key)) await parent.readLeaf();
    const slot: Slot = { key, item };
    const stored = parent.find(key);
    if (stored !== undefined && isUnchanged(item, stored)) {
      slot.built = await this.#reuse(stored);
      this.counts.reusedItemCount += 1;
      this.counts.reusedBytes += item.sizeBytes;
    } else if (item.content === undefined) slot.built = NO_CONTENT;
    this.#slots.push(slot);
    if (slot.built === undefined && item.content !== undefined) await reader.read(slot, item.content);
    this.drain();
    if (this.#treeBusy !== undefined) {
      const busy = this.#treeBusy;
      this.#treeBusy = undefined;
      await busy;
    }
    while (this.#slots.size > SLOTS_MAX) await this.#waitForReady();
  }

  async #reuse(stored: StoredItem): Promise<BuiltContent> {
    const { content } = stored;
    if (content.form !== 'map') return { content, mapUses: [] };
    return { content, mapUses: await mapUses(this.#options.readParentNode, content.root) };
  }

  async #waitForReady(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    this.#wake = undefined;
    this.#options.session.throwIfFailed();
  }

  #report(isLast: boolean): void {
    const { request, clock, session, storedBytes } = this.#options;
    if (request.onProgress === undefined) return;
    const now = clock();
    if (!isLast && now - this.#reportedAt < PROGRESS_MS) return;
    this.#reportedAt = now;
    const { itemCount, logicalBytes, issueCount } = this.counts;
    const progress: BackupProgress = {
      itemCount,
      logicalBytes,
      readBytes: session.readBytes,
      storedBytes: storedBytes(),
      issueCount,
    };
    request.onProgress(progress);
  }
}

/** Equal fingerprints: the parent's content is this item's content. */
function isUnchanged(item: ItemRecord, stored: StoredItem): boolean {
  if (item.content === undefined || item.fingerprint === undefined || stored.fingerprint === undefined) return false;
  if (stored.content.form === 'none' || stored.sizeBytes !== item.sizeBytes) return false;
  return Buffer.compare(item.fingerprint, stored.fingerprint) === 0;
}
