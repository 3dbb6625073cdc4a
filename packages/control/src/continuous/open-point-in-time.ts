/** What leads to a moment of a continuous recovery point: the base, and the log from there on. */
import type { PointInTime, RestoreLogSegment } from '@holdfast/connectors/sdk';
import type { LogReader } from '@holdfast/engine';
import type { VaultRepository } from '../recovery-points/vault-repositories.ts';
import type { ContinuousState } from './restorable-time.ts';
import { baseFor } from './restorable-window.ts';

/** An opened way to a moment; dispose of it when the restore has ended. */
export interface OpenPointInTime extends AsyncDisposable {
  /** Names the base in the vault's engine. */
  readonly engineId: string;
  readonly pointInTime: PointInTime;
}

/** Opens what leads to the moment; undefined when it has left the window meanwhile. */
export async function openPointInTime(
  repository: VaultRepository,
  { record, bases }: ContinuousState,
  targetAt: number,
): Promise<OpenPointInTime | undefined> {
  const base = baseFor(record, bases, targetAt);
  if (base === undefined) return undefined;
  if (record.nature === 'versions') {
    return { engineId: base.engineId, pointInTime: { targetAt }, [Symbol.asyncDispose]: async () => {} };
  }
  const reader = await repository.openLog(record.continuousId);
  return {
    engineId: base.engineId,
    pointInTime: {
      targetAt,
      log: {
        segments: () => neededSegments(reader, base.startAt, targetAt),
        read: (sequence) => reader.read(sequence),
      },
    },
    [Symbol.asyncDispose]: () => reader.close(),
  };
}

/** From the base's beginning to the first segment that ends at or after the target. */
async function* neededSegments(reader: LogReader, fromAt: number, targetAt: number): AsyncGenerator<RestoreLogSegment> {
  for await (const { isReadable, ...segment } of reader.segments({ fromAt, untilAt: Number.MAX_SAFE_INTEGER })) {
    if (!isReadable) throw new Error(`segment ${segment.sequence} of the log could not be stored and is a gap`);
    yield segment;
    if (segment.endAt >= targetAt) return;
  }
}
