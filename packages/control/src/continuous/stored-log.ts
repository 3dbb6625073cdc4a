import { EngineError } from '@holdfast/engine';
import type { VaultRepository } from '../recovery-points/vault-repositories.ts';
import type { WindowGap } from './continuous-backup-store.ts';

/** What is stored of a log: the truth from which a capture goes on. */
export interface StoredLog {
  /** `to` of the last segment. */
  readonly position: string;
  readonly latestAt: number;
  readonly gaps: readonly WindowGap[];
}

/** Undefined while nothing is stored. */
export async function readStoredLog(repository: VaultRepository, streamId: string): Promise<StoredLog | undefined> {
  try {
    await using reader = await repository.openLog(streamId);
    const gaps: WindowGap[] = [];
    let position: string | undefined;
    let readableTo: string | undefined;
    let latestAt: number | undefined;
    for await (const segment of reader.segments()) {
      position = segment.to;
      if (!segment.isReadable) continue;
      if (latestAt !== undefined && readableTo !== segment.from) {
        gaps.push({ fromAt: latestAt, untilAt: segment.startAt });
      }
      readableTo = segment.to;
      latestAt = segment.endAt;
    }
    return position === undefined || latestAt === undefined ? undefined : { position, latestAt, gaps };
  } catch (error) {
    if (error instanceof EngineError && error.code === 'not-found') return undefined;
    throw error;
  }
}
