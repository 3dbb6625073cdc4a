/** Makes one base of a continuous backup: consistent point, stream into the vault, seal, and what a restore needs of it. */
import type { BackupSession, BaseLogFacts, Connector } from '@holdfast/connectors/sdk';
import { type BackupProgress, EngineError, type ItemEntry, type SealedRecoveryPoint } from '@holdfast/engine';
import { ParentReader } from '../backup-jobs/parent-content.ts';
import type { ControlPorts } from '../ports.ts';
import type { RecoveryPointRecord } from '../recovery-points/recovery-point-store.ts';
import { type DraftRecoveryPoint, readSealedFacts } from '../recovery-points/sealed-facts.ts';
import type { VaultRepository } from '../recovery-points/vault-repositories.ts';
import { effectiveTags, type ResourceRecord } from '../resources/resource-store.ts';
import type { Tags } from '../scope.ts';
import { recoveryPointTags } from '../tags/tag-rules.ts';
import type { BackupVaultRecord } from '../vaults/vault-store.ts';
import { withoutUndefined } from '../without-undefined.ts';
import type { ContinuousBackupRecord, ContinuousBase } from './continuous-backup-store.ts';
import { continuousFacts, readContinuousFacts, type SealedBase } from './continuous-facts.ts';
import { continuousDraft } from './continuous-recovery-point.ts';
import { keepFromAt } from './continuous-retention.ts';
import { sealingOf } from './continuous-sealing.ts';

export interface BaseWork {
  readonly record: ContinuousBackupRecord;
  /** Those that are there, oldest first; the newest is the parent. */
  readonly bases: readonly ContinuousBase[];
  /** The parent of the first base: a snapshot of the resource. */
  readonly parent?: RecoveryPointRecord | undefined;
  readonly vault: BackupVaultRecord;
  readonly resource: ResourceRecord;
  readonly repository: VaultRepository;
  readonly connector: Connector;
  readonly options: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: BackupProgress, session: BackupSession) => void;
  /** The base is about to be read: the session is open. */
  readonly onBegin?: () => Promise<void>;
}

export interface WrittenBase {
  readonly base: ContinuousBase;
  readonly draft: DraftRecoveryPoint;
  readonly tags: Tags;
  readonly sealed: SealedRecoveryPoint;
  readonly droppedTagCount: number;
  readonly isLocked: boolean;
  /** `captureCount` of the record when the base was begun. */
  readonly captureCount: number;
}

/** The name of the next base in the vault's engine. */
export function nextBaseId({ continuousId, baseCount }: ContinuousBackupRecord): string {
  return `${continuousId}:base:${baseCount + 1}`;
}

/**
 * Makes the next base and hands it to `commit` while the source still holds the consistent point. A base that an earlier
 * try sealed and did not commit is taken as it is.
 */
export async function withNextBase<T>(
  ports: ControlPorts,
  work: BaseWork,
  commit: (written: WrittenBase) => Promise<T>,
): Promise<T> {
  const earlier = await sealedEarlier(work);
  if (earlier !== undefined) {
    await work.onBegin?.();
    return commit(earlier);
  }
  const parent = parentOf(work);
  const isReadable = parent !== undefined && parent.storageClass !== 'COLD';
  const content = isReadable ? new ParentReader(work.repository, parent.engineId) : undefined;
  let session: BackupSession | undefined;
  let stored = false;
  try {
    session = await openSession(ports, work, parent, content);
    await work.onBegin?.();
    const committed = await commit(await write(ports, work, session));
    stored = true;
    return committed;
  } finally {
    await session?.release({ stored });
    await content?.close();
  }
}

interface Parent {
  readonly arn: string;
  readonly engineId: string;
  readonly connectorState?: Uint8Array | undefined;
  readonly storageClass?: RecoveryPointRecord['storageClass'];
}

function parentOf({ bases, parent, record }: BaseWork): Parent | undefined {
  const newest = bases.at(-1);
  return newest === undefined ? parent : { ...newest, arn: record.recoveryPointArn };
}

function openSession(
  ports: ControlPorts,
  { connector, record, options, signal }: BaseWork,
  parent: Parent | undefined,
  content: ParentReader | undefined,
): Promise<BackupSession> {
  const state = parent?.connectorState;
  return connector.openBackup({
    resourceArn: record.resourceArn,
    options,
    signal,
    continuous: { keepFromAt: keepFromAt(record.retention, ports.clock.now()) },
    ...(parent === undefined
      ? {}
      : { parent: { recoveryPointArn: parent.arn, ...withoutUndefined({ state, content }) } }),
  });
}

async function write(ports: ControlPorts, work: BaseWork, session: BackupSession): Promise<WrittenBase> {
  const { record, vault, resource, repository, signal } = work;
  const engineId = nextBaseId(record);
  const begunAt = ports.clock.now();
  const startedAt = session.consistentAt ?? begunAt;
  const createdAt = await createdAtOf(ports, work, startedAt);
  const { restoreMetadata } = session;
  const draft = continuousDraft(record, vault, resource, { engineId, restoreMetadata, createdAt });
  const { tags, dropped } = recoveryPointTags(
    effectiveTags(resource),
    record.recoveryPointTags,
    ports.quotas.tagsPerResource,
  );
  const { retention, isLocked } = sealingOf(record, vault, begunAt);
  const sealedBases: SealedBase[] = [];
  const parent = parentOf(work);
  const sealed = await repository.backupItems({
    recoveryPointId: engineId,
    retention,
    facts: continuousFacts('base', record, draft, tags, sealedBases),
    entries: untilKnown(session, signal, async () => {
      const times = await timesOf(ports, work, session, startedAt);
      sealedBases.push({ engineId, ...times });
    }),
    signal,
    onProgress: (progress) => work.onProgress?.(progress, session),
    ...(parent === undefined ? {} : { parentId: parent.engineId }),
  });
  const [times] = sealedBases;
  if (times === undefined) throw new Error('a base was sealed before its times were known');
  const connectorState = await session.state?.();
  const base = baseOf(record, sealed, times, restoreMetadata, ports.clock.now());
  return {
    base: connectorState === undefined ? base : { ...base, connectorState },
    draft,
    tags,
    sealed,
    droppedTagCount: dropped,
    isLocked,
    captureCount: record.captureCount,
  };
}

/** The entries of a session, and then, before the engine seals them, what is known only at their end. */
async function* untilKnown(
  session: BackupSession,
  signal: AbortSignal,
  atEnd: () => Promise<void>,
): AsyncGenerator<ItemEntry> {
  yield* session.entries(signal);
  await atEnd();
}

async function timesOf(
  ports: ControlPorts,
  { record, bases }: BaseWork,
  session: BackupSession,
  startedAt: number,
): Promise<BaseLogFacts> {
  if (record.nature === 'versions') return { startAt: bases.at(-1)?.startAt ?? startedAt, consistentAt: startedAt };
  return (await session.log?.()) ?? { startAt: startedAt, consistentAt: session.consistentAt ?? ports.clock.now() };
}

/** A continuous recovery point is as old as its first base. */
async function createdAtOf({ stores }: ControlPorts, { record }: BaseWork, startedAt: number): Promise<number> {
  const known = await stores.recoveryPoints.get(record.vaultId, record.recoveryPointArn);
  return known?.createdAt ?? startedAt;
}

function baseOf(
  { continuousId }: ContinuousBackupRecord,
  { statistics }: Pick<SealedRecoveryPoint, 'statistics'>,
  { engineId, startAt, consistentAt }: SealedBase,
  restoreMetadata: Readonly<Record<string, string>>,
  completedAt: number,
): ContinuousBase {
  return {
    continuousId,
    engineId,
    startAt,
    consistentAt,
    completedAt,
    sizeBytes: statistics.logicalBytes,
    storedBytes: statistics.storedBytes,
    itemCount: statistics.itemCount,
    issueCount: statistics.issueCount,
    restoreMetadata: { ...restoreMetadata },
  };
}

async function sealedEarlier({ record, repository }: BaseWork): Promise<WrittenBase | undefined> {
  const engineId = nextBaseId(record);
  try {
    await using reader = await repository.openRecoveryPoint(engineId);
    const { summary } = reader;
    const { recoveryPoint: draft, tags } = readSealedFacts(summary.facts);
    const facts = readContinuousFacts(summary.facts);
    const times = facts?.bases.find((base) => base.engineId === engineId);
    if (facts === undefined || times === undefined) throw new Error(`${engineId} is no base of a continuous backup`);
    const completedAt = summary.createdAt + summary.statistics.durationMs;
    return {
      base: baseOf(record, summary, times, draft.restoreMetadata, completedAt),
      draft,
      tags,
      sealed: { ...summary, issues: [] },
      droppedTagCount: 0,
      isLocked: summary.retention.lockedUntilAt !== undefined,
      captureCount: facts.captureCount,
    };
  } catch (error) {
    if (error instanceof EngineError && error.code === 'not-found') return undefined;
    throw error;
  }
}
