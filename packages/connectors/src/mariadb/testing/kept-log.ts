import assert from 'node:assert/strict';
import type { CapturedLogSegment, LogCapture } from '../../sdk/v1/continuous.ts';

/** Stored segments with their bytes, as the service would keep them. */
export class KeptLog {
  readonly segments: (Omit<CapturedLogSegment, 'content'> & { sequence: number })[] = [];
  readonly #bytes: Buffer[] = [];

  async keep({ content, ...segment }: CapturedLogSegment): Promise<void> {
    const parts: Uint8Array[] = [];
    if (content.kind === 'stream')
      for await (const part of content.open(new AbortController().signal)) parts.push(part);
    const bytes = Buffer.concat(parts);
    assert.equal(bytes.length, segment.sizeBytes);
    const last = this.segments.at(-1);
    assert.ok(last === undefined || last.to === segment.from, 'the log has a gap');
    this.segments.push({ ...segment, sequence: this.segments.length });
    this.#bytes.push(bytes);
  }

  pointInTime(targetAt: number) {
    const kept = this.#bytes;
    const segments = this.segments;
    return {
      targetAt,
      log: {
        async *segments() {
          yield* segments;
        },
        async *read(sequence: number) {
          const bytes = kept[sequence];
          if (bytes !== undefined) yield bytes;
        },
      },
    };
  }

  get latestAt(): number {
    return this.segments.at(-1)?.endAt ?? 0;
  }
}

/** Captures until the log reaches beyond a time. */
export async function captureBeyond(
  capture: LogCapture,
  log: KeptLog,
  untilAt: number,
  signal: AbortSignal,
): Promise<void> {
  for await (const segment of capture.segments(signal)) {
    await log.keep(segment);
    await capture.acknowledge(segment.to);
    if (log.latestAt > untilAt) return;
  }
}
