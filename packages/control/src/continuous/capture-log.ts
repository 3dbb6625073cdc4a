/** Nature `log`: captures the log of one resource and stores it, for as long as this worker has the lease. */
import type { CapturedLogSegment, LogCapture } from '@holdfast/connectors/sdk';
import type { LogSegment } from '@holdfast/engine';
import type { VaultRepository } from '../recovery-points/vault-repositories.ts';
import { effectiveTags } from '../resources/resource-store.ts';
import { recoveryPointTags } from '../tags/tag-rules.ts';
import type { ContinuousBackupRecord, ContinuousBase, ContinuousChange } from './continuous-backup-store.ts';
import { continuousFacts } from './continuous-facts.ts';
import { continuousDraft } from './continuous-recovery-point.ts';
import { sealingOf } from './continuous-sealing.ts';
import { ContinuousInterruption, type ContinuousPlace, type ContinuousWork, requirePlace } from './continuous-work.ts';
import { logBatches } from './log-batches.ts';
import { requestBase } from './request-base.ts';
import { isCutOff } from './restorable-window.ts';
import { readStoredLog } from './stored-log.ts';
import { executeTrim, planTrim } from './trim-continuous.ts';

const HOUR_MS = 3_600_000;
/** A rule that runs more seldom than once a day gets its bases out of turn. */
const LONGEST_BASE_AGE_MS = 25 * HOUR_MS;
const MOST_SEGMENTS = 1_000;
/** How much longer a quiet source may wait; with the lag it stays well under five minutes (BKP-47). */
const IDLE_FACTOR = 3;

interface Capture extends ContinuousWork {
  readonly place: ContinuousPlace;
  readonly repository: VaultRepository;
}

/** @returns never of its own accord; throws the interruption, or the error of the capture */
export async function captureLog(work: ContinuousWork): Promise<number> {
  const { ports, record, settings, signal, clock } = work;
  const place = await requirePlace(ports, record);
  const repository = await ports.repositories.open(place.vault);
  await using connector = await ports.connectors.open(place.source);
  if (connector.openLogCapture === undefined) throw new Error(`The connector of ${place.source.name} captures no log.`);
  const stored = await readStoredLog(repository, record.continuousId);
  const { resourceArn } = record;
  // Half of the time for the source, half for gathering what is stored at once.
  const lagMs = settings.lagMs / 2;
  const position = stored === undefined ? {} : { after: stored.position, afterAt: stored.latestAt };
  const log = await connector.openLogCapture({ resourceArn, maximumLagMs: lagMs, signal, ...position });
  try {
    await noteOpened(work, stored);
    const limits = {
      waitMs: lagMs,
      idleWaitMs: lagMs * IDLE_FACTOR,
      bytes: settings.batchBytes,
      segments: MOST_SEGMENTS,
    };
    for await (const batch of logBatches(log.segments(signal), limits, clock)) {
      signal.throwIfAborted();
      await store({ ...work, place, repository }, log, batch);
    }
  } finally {
    await log.close();
  }
  signal.throwIfAborted();
  throw new Error(`The log capture of ${resourceArn} ended without a reason.`);
}

/** A capture without a position begins anew: bases from before do not meet its log. */
async function noteOpened(
  { ports, record }: ContinuousWork,
  stored: Awaited<ReturnType<typeof readStoredLog>>,
): Promise<void> {
  const change: ContinuousChange =
    stored === undefined
      ? { captureCount: record.captureCount + 1, error: null }
      : { latestAt: stored.latestAt, logGaps: stored.gaps, error: null };
  const { continuousId, fence, resourceArn } = record;
  if ((await ports.stores.continuousBackups.change(continuousId, change, { fence })) === undefined) throw lost();
  ports.log('info', 'log capture opened', { resourceArn, position: stored?.position ?? 'from now on' });
}

function lost(): ContinuousInterruption {
  return new ContinuousInterruption('lease-lost');
}

async function store(capture: Capture, log: LogCapture, batch: readonly CapturedLogSegment[]): Promise<void> {
  const { ports, repository, signal } = capture;
  const { continuousBackups } = ports.stores;
  const { continuousId, fence } = capture.record;
  const last = batch.at(-1);
  const record = await continuousBackups.get(continuousId);
  if (last === undefined || record === undefined || record.fence !== fence) throw lost();
  const now = ports.clock.now();
  const bases = await continuousBackups.bases(continuousId);
  const kept = await executeTrim(ports, repository, record, planTrim(record, bases, now));
  const { retention, isLocked } = sealingOf(record, capture.place.vault, now);
  const [oldest] = kept;
  const outcome = await repository.appendLog({
    streamId: continuousId,
    retention,
    facts: factsOf(capture, record, kept),
    segments: whileHeld(capture, batch),
    signal,
    ...(oldest === undefined ? {} : { keepFromAt: oldest.startAt }),
  });
  const gaps = outcome.issues.length === 0 ? undefined : (await readStoredLog(repository, continuousId))?.gaps;
  const changed = await continuousBackups.change(
    continuousId,
    {
      latestAt: last.endAt,
      storedAt: ports.clock.now(),
      error: null,
      logGaps: gapsSince(gaps ?? record.logGaps, oldest),
      ...(isLocked ? { lockedAt: now } : {}),
    },
    { fence },
  );
  if (changed === undefined) throw lost();
  await log.acknowledge(last.to);
  await seeToBases(capture, changed, kept);
}

/** Gaps that no base is older than any more concern nobody. */
function gapsSince(gaps: ContinuousBackupRecord['logGaps'], oldest: ContinuousBase | undefined) {
  return oldest === undefined ? gaps : gaps.filter(({ untilAt }) => untilAt > oldest.startAt);
}

/** Asked once more when the engine begins to read: who has lost the lease meanwhile must not add to the stream. */
async function* whileHeld(
  { ports, record: { continuousId, fence } }: Capture,
  batch: readonly CapturedLogSegment[],
): AsyncGenerator<LogSegment> {
  if ((await ports.stores.continuousBackups.get(continuousId))?.fence !== fence) throw lost();
  yield* batch;
}

function factsOf({ ports, place }: Capture, record: ContinuousBackupRecord, bases: readonly ContinuousBase[]) {
  const { vault, resource } = place;
  const newest = bases.at(-1);
  const content = {
    engineId: newest?.engineId ?? record.continuousId,
    restoreMetadata: newest?.restoreMetadata ?? {},
    createdAt: bases[0]?.consistentAt ?? record.createdAt,
  };
  const { tags } = recoveryPointTags(effectiveTags(resource), record.recoveryPointTags, ports.quotas.tagsPerResource);
  const sealed = bases.map(({ engineId, startAt, consistentAt }) => ({ engineId, startAt, consistentAt }));
  return continuousFacts('log', record, continuousDraft(record, vault, resource, content), tags, sealed);
}

/** A gap ends what the newest base leads to; and no base may become so old that replaying takes for ever. */
async function seeToBases(
  { ports }: Capture,
  record: ContinuousBackupRecord,
  bases: readonly ContinuousBase[],
): Promise<void> {
  const newest = bases.at(-1);
  if (record.state !== 'ACTIVE' || newest === undefined) return;
  if (isCutOff(record, bases)) await requestBase(ports, record, 'the log has a gap');
  else if (ports.clock.now() - newest.completedAt > LONGEST_BASE_AGE_MS) {
    await requestBase(ports, record, 'the last one is older than a day');
  }
}
