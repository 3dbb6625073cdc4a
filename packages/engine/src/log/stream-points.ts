import { EngineError } from '../engine-error.ts';
import type { Vault } from '../vault.ts';

const STREAM_ID = /^[A-Za-z0-9._:-]{1,48}$/;
const PAGE = 100;

/** @throws EngineError `invalid-argument` */
export function checkStreamId(streamId: string): void {
  if (STREAM_ID.test(streamId)) return;
  throw new EngineError('invalid-argument', `${JSON.stringify(streamId)} is no identifier of a log stream`);
}

/**
 * Each append makes a new recovery point with the whole stream, which shares everything old with the one before; the
 * older ones are then deleted. Their identifiers count up.
 */
export function streamPointId(streamId: string, generation: number): string {
  return `${streamId}:log:${generation.toString().padStart(10, '0')}`;
}

export function generationOf(recoveryPointId: string): number {
  return Number(recoveryPointId.slice(recoveryPointId.lastIndexOf(':') + 1));
}

/** The committed recovery points of a stream, oldest first; usually one. */
export async function streamPoints(vault: Vault, streamId: string): Promise<readonly string[]> {
  const prefix = `${streamId}:log:`;
  const points: string[] = [];
  let after = prefix;
  for (;;) {
    const page = await vault.authority.recoveryPoints(vault.vaultId, after, PAGE);
    const own = page.map((point) => point.recoveryPointId).filter((id) => id.startsWith(prefix));
    points.push(...own);
    after = own.at(-1) ?? after;
    if (own.length < PAGE) return points;
  }
}
