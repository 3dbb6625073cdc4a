import { EngineError } from '../../engine-error.ts';
import type { Repository } from '../../repository.ts';
import { logBytes, type SoakLog, type SoakSegment } from './soak-log.ts';

/**
 * Reads a log stream completely: it must be what was acknowledged last, or what the append that was cut off would make
 * of it.
 * @returns what it is
 */
export async function checkLog(repository: Repository, stream: string, log: SoakLog): Promise<readonly SoakSegment[]> {
  const held = await heldNumbers(repository, stream);
  const states = [log.segments, ...(log.pending === undefined ? [] : [log.pending])];
  const state = states.find((segments) => segments.map(({ from }) => from).join() === held.join());
  if (state === undefined) {
    throw new Error(`the log ${stream} holds ${held.join()}; expected ${JSON.stringify(states)}`);
  }
  if (state.length > 0) await compare(repository, stream, state);
  return state;
}

async function heldNumbers(repository: Repository, stream: string): Promise<readonly number[]> {
  const numbers: number[] = [];
  try {
    await using reader = await repository.openLog(stream);
    for await (const { from, isReadable } of reader.segments()) {
      if (!isReadable) throw new Error(`the log ${stream} says that its segment ${from} could not be kept`);
      numbers.push(Number(from));
    }
  } catch (error) {
    if (!(error instanceof EngineError && error.code === 'not-found')) throw error;
  }
  return numbers;
}

async function compare(repository: Repository, stream: string, segments: readonly SoakSegment[]): Promise<void> {
  await using reader = await repository.openLog(stream);
  const expected = new Map(segments.map((segment) => [String(segment.from), segment]));
  for await (const { from, sequence } of reader.segments()) {
    const segment = expected.get(from);
    const parts: Uint8Array[] = [];
    for await (const part of reader.read(sequence)) parts.push(part);
    if (segment === undefined || !Buffer.concat(parts).equals(logBytes(segment))) {
      throw new Error(`the log ${stream}: segment ${from} came back different`);
    }
  }
}
