import type {
  AppendLogOutcome,
  AppendLogRequest,
  BackupItemsRequest,
  DeleteOutcome,
  DeletePlan,
  ItemIssue,
  ItemRecord,
  LogReader,
  RecoveryPointReader,
  RecoveryPointSummary,
  RefusalReason,
  SealedRecoveryPoint,
} from '@holdfast/engine';
import { EngineError } from '@holdfast/engine';
import type { VaultRepository } from '../recovery-points/vault-repositories.ts';
import { MemoryLogs } from './memory-log.ts';

interface StoredPoint {
  readonly summary: RecoveryPointSummary;
  readonly items: readonly ItemRecord[];
  readonly contents: ReadonlyMap<string, Uint8Array>;
  readonly issues: readonly ItemIssue[];
}

/** A repository as plain maps: what the control plane sees of the engine, without chunks, packs or threads. */
export class MemoryRepository implements VaultRepository {
  readonly vaultId: string;
  readonly points = new Map<string, StoredPoint>();
  readonly logs = new MemoryLogs();
  /** Recovery points that the store refuses to give up, with the reason. */
  readonly refusals = new Map<string, string>();
  refusalReason: RefusalReason = 'locked';
  readonly requests: BackupItemsRequest[] = [];
  /** Thrown when content is read. */
  readFailure: Error | undefined;

  get parts(): never {
    throw new Error('the memory repository has no packs, keys or authority');
  }

  constructor(vaultId: string) {
    this.vaultId = vaultId;
  }

  async backupItems(request: BackupItemsRequest): Promise<SealedRecoveryPoint> {
    this.requests.push(request);
    if (this.points.has(request.recoveryPointId)) throw new EngineError('already-exists', 'it exists');
    const items: ItemRecord[] = [];
    const issues: ItemIssue[] = [];
    const contents = new Map<string, Uint8Array>();
    for await (const entry of request.entries) {
      request.signal?.throwIfAborted();
      if ('issue' in entry) {
        issues.push(entry.issue);
        continue;
      }
      items.push(entry.item);
      const bytes = await contentOf(entry.item);
      if (bytes !== undefined) contents.set(keyOf(entry.item.path), bytes);
    }
    const summary = summaryOf(request, items, issues);
    this.points.set(request.recoveryPointId, { summary, items, contents, issues });
    return { ...summary, issues };
  }

  async openRecoveryPoint(recoveryPointId: string): Promise<RecoveryPointReader> {
    const point = this.points.get(recoveryPointId);
    if (point === undefined) throw new EngineError('not-found', `no recovery point ${recoveryPointId}`);
    return readerOf(point, this.readFailure);
  }

  appendLog(request: AppendLogRequest): Promise<AppendLogOutcome> {
    return this.logs.append(request);
  }

  async openLog(streamId: string): Promise<LogReader> {
    return this.logs.open(streamId);
  }

  async planDelete(recoveryPointIds: readonly string[]): Promise<DeletePlan> {
    const known = recoveryPointIds.filter((id) => this.points.has(id) || this.logs.has(id));
    const refused = known.filter((id) => this.refusals.has(id));
    return {
      deletes: known
        .filter((id) => !refused.includes(id))
        .map((recoveryPointId) => ({ recoveryPointId, logicalBytes: 0 })),
      refusals: refused.map((recoveryPointId) => ({
        recoveryPointId,
        reason: this.refusalReason,
        message: this.refusals.get(recoveryPointId) ?? '',
      })),
    };
  }

  async executeDelete(plan: DeletePlan): Promise<DeleteOutcome> {
    for (const { recoveryPointId } of plan.deletes) {
      this.points.delete(recoveryPointId);
      this.logs.delete(recoveryPointId);
    }
    return { deleted: plan.deletes.map(({ recoveryPointId }) => recoveryPointId), refused: [] };
  }
}

function summaryOf(
  request: BackupItemsRequest,
  items: readonly ItemRecord[],
  issues: readonly ItemIssue[],
): RecoveryPointSummary {
  const logicalBytes = items.reduce((sum, item) => sum + item.sizeBytes, 0);
  const missingCount = issues.filter(({ dataMissing }) => dataMissing).length;
  return {
    recoveryPointId: request.recoveryPointId,
    createdAt: 0,
    content: 'items',
    retention: request.retention,
    facts: request.facts,
    outcome: missingCount > 0 ? 'partial' : 'complete',
    statistics: {
      itemCount: items.length,
      logicalBytes,
      readBytes: logicalBytes,
      storedBytes: logicalBytes,
      newChunkBytes: logicalBytes,
      newChunkCount: 1,
      reusedItemCount: 0,
      reusedBytes: 0,
      issueCount: issues.length,
      missingCount,
      durationMs: 1,
    },
  };
}

function readerOf(
  { summary, items, contents, issues }: StoredPoint,
  readFailure: Error | undefined,
): RecoveryPointReader {
  const reader: RecoveryPointReader = {
    summary,
    async *items(under = Buffer.alloc(0), from = Buffer.alloc(0)) {
      const root = keyOf(under);
      const below = items.filter(
        ({ path }) => root === '' || keyOf(path) === root || keyOf(path).startsWith(`${root}/`),
      );
      yield* below.slice(
        Math.max(
          0,
          below.findIndex(({ path }) => keyOf(path) === keyOf(from)),
        ),
      );
    },
    item: async (path) => items.find((item) => keyOf(item.path) === keyOf(path)),
    async list(path, cursor, limit) {
      const children = items.filter((item) => isChild(keyOf(item.path), keyOf(path)));
      const start = cursor === undefined ? 0 : Number(cursor);
      const end = start + limit;
      return { items: children.slice(start, end), ...(end < children.length ? { cursor: String(end) } : {}) };
    },
    async *read(path) {
      if (readFailure !== undefined) throw readFailure;
      yield contents.get(keyOf(path)) ?? new Uint8Array();
    },
    async writeFiles() {
      throw new Error('this repository writes no files');
    },
    async *issues() {
      yield* issues;
    },
    close: async () => {},
    [Symbol.asyncDispose]: async () => {},
  };
  return reader;
}

function isChild(path: string, parent: string): boolean {
  if (path === '') return false;
  const slash = path.lastIndexOf('/');
  return (slash === -1 ? '' : path.slice(0, slash)) === parent;
}

function keyOf(path: Uint8Array): string {
  return Buffer.from(path).toString('latin1');
}

async function contentOf({ content }: ItemRecord): Promise<Uint8Array | undefined> {
  if (content === undefined) return undefined;
  if (content.kind === 'inline') return content.bytes;
  throw new Error('the memory repository keeps inline content only');
}
