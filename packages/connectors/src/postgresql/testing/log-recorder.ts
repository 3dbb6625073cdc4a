import type { CapturedLogSegment, LogCapture, PointInTime, RestoreLogSegment } from '../../sdk/v1/continuous.ts';

/** Captured log in memory, in the role of the service: takes segments, acknowledges them, hands them to restores. */
export class LogRecorder {
  readonly segments: (RestoreLogSegment & { readonly bytes: Uint8Array })[] = [];
  readonly #capture: LogCapture;
  readonly #controller = new AbortController();
  readonly #wakers = new Set<() => void>();
  /** What the capture ended with, other than by `stop`. */
  error: unknown;
  #work: Promise<void>;

  constructor(capture: LogCapture, earlier: LogRecorder | undefined = undefined) {
    this.#capture = capture;
    if (earlier !== undefined) this.segments.push(...earlier.segments);
    this.#work = this.#run();
  }

  get latestAt(): number {
    return this.segments.at(-1)?.endAt ?? 0;
  }

  get position(): string | undefined {
    return this.segments.at(-1)?.to;
  }

  async #run(): Promise<void> {
    try {
      for await (const segment of this.#capture.segments(this.#controller.signal)) {
        this.segments.push({ ...segment, sequence: this.segments.length, bytes: await bytesOf(segment) });
        await this.#capture.acknowledge(segment.to);
        for (const wake of this.#wakers) wake();
      }
    } catch (error) {
      if (!this.#controller.signal.aborted) this.error = error;
    }
    for (const wake of this.#wakers) wake();
  }

  /** Resolves when everything up to this time is captured. @throws the error of a capture that ended */
  async until(at: number): Promise<void> {
    while (this.latestAt < at) {
      if (this.error !== undefined) throw this.error;
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          this.#wakers.delete(wake);
          resolve();
        };
        this.#wakers.add(wake);
      });
    }
  }

  /** Resolves when the capture ended by itself. */
  async ended(): Promise<unknown> {
    await this.#work;
    return this.error;
  }

  async stop(): Promise<void> {
    this.#controller.abort(new Error('the test ended the capture'));
    await this.#work;
    await this.#capture.close();
  }

  /** The log as a restore gets it for a base that began at `startAt`. */
  pointInTime(startAt: number, targetAt: number): PointInTime {
    const { segments } = this;
    const wanted = segments.filter(({ endAt }) => endAt >= startAt);
    const last = wanted.findIndex(({ endAt }) => endAt >= targetAt);
    return {
      targetAt,
      log: {
        async *segments() {
          yield* wanted.slice(0, last + 1);
        },
        async *read(sequence) {
          yield segments[sequence]?.bytes ?? new Uint8Array(0);
        },
      },
    };
  }
}

async function bytesOf({ content }: CapturedLogSegment): Promise<Uint8Array> {
  if (content.kind === 'inline') return content.bytes;
  throw new Error(`log came as ${content.kind}`);
}
