import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fc } from '@holdfast/testkit/properties';
import { isEnded } from '../states/next.ts';
import { FakeClock, MemoryJobStore, makeJob } from '../testing.ts';
import type { Job } from './job.ts';
import { JobStoppedError, LeaseLostError } from './job-errors.ts';
import type { JobOutcome } from './job-outcome.ts';
import { JobQueue } from './job-queue.ts';
import { sweep } from './sweep.ts';

const OUTCOMES: readonly JobOutcome[] = [
  { result: 'completed' },
  { result: 'partial', message: 'parts', category: 'x' },
  { result: 'failed', message: 'no', category: 'x' },
  { result: 'retry', message: 'later', category: 'x' },
];

const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('claim' as const) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('begin' as const), which: fc.nat() }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('renew' as const), which: fc.nat() }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('end' as const), which: fc.nat(), how: fc.nat(OUTCOMES.length - 1) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('hand-back' as const), which: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('die' as const), which: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('stop' as const), job: fc.nat() }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('sweep' as const) }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('jump' as const), ms: fc.integer({ min: -20_000, max: 900_000 }) }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** A small world of workers that hold what `claim` gave them and may act on it at any time, also much too late. */
class World {
  readonly clock = new FakeClock();
  readonly store = new MemoryJobStore();
  readonly endings = new Map<string, string[]>();
  readonly commits = new Map<string, number>();
  readonly queue = new JobQueue({
    store: this.store,
    clock: this.clock,
    onStateChange: ({ job, to }) => {
      if (isEnded(job.kind, to)) this.endings.set(job.jobId, [...(this.endings.get(job.jobId) ?? []), to]);
    },
  });
  readonly held: Job[] = [];

  constructor(jobs: readonly Job[]) {
    for (const job of jobs) this.store.add(job);
  }

  async take(action: Step): Promise<void> {
    if (action.do === 'claim') {
      const job = await this.queue.claim(`w${this.held.length}`, ['backup', 'restore', 'copy']);
      if (job !== undefined) this.held.push(job);
    } else if (action.do === 'jump') this.clock.jump(action.ms);
    else if (action.do === 'sweep') await sweep(this.queue, ['backup', 'restore', 'copy']);
    else if (action.do === 'stop') {
      const jobs = this.store.all();
      await this.queue.requestStop(jobs[action.job % jobs.length]?.jobId ?? '', 'stop');
    } else await this.#act(action);
    this.#checkOneAtATime();
  }

  async #act(action: Extract<Step, { which: number }>): Promise<void> {
    const job = this.held[action.which % Math.max(1, this.held.length)];
    if (job === undefined) return;
    if (action.do === 'die') {
      this.held.splice(this.held.indexOf(job), 1);
      return;
    }
    const newest = await this.store.get(job.jobId);
    try {
      if (action.do === 'begin') await this.queue.begin(job.jobId, job.fencingToken);
      else if (action.do === 'renew') await this.queue.renew(job.jobId, job.fencingToken, { percentDone: 1 });
      else if (action.do === 'hand-back') await this.queue.handBack(job.jobId, job.fencingToken);
      else await this.#end(job, OUTCOMES[action.how] ?? { result: 'stopped' });
      assert.equal(newest?.fencingToken, job.fencingToken, 'an old lease wrote');
    } catch (error) {
      const isExpected =
        error instanceof LeaseLostError ||
        error instanceof JobStoppedError ||
        // A restore knows no PARTIAL.
        (error instanceof Error && error.name === 'JobStateError' && job.kind === 'restore');
      if (!isExpected) throw error;
    }
  }

  async #end(job: Job, outcome: JobOutcome): Promise<void> {
    await this.queue.end(job.jobId, job.fencingToken, outcome);
    if (outcome.result === 'completed') this.commits.set(job.jobId, (this.commits.get(job.jobId) ?? 0) + 1);
  }

  #checkOneAtATime(): void {
    const busy = new Set<string>();
    for (const job of this.store.all()) {
      if (job.lease === undefined || job.exclusiveKey === undefined) continue;
      assert.ok(!busy.has(job.exclusiveKey), `two jobs hold ${job.exclusiveKey}`);
      busy.add(job.exclusiveKey);
    }
  }

  /** Good workers from now on: claim, begin, complete; until nothing is left. */
  async finish(): Promise<void> {
    this.clock.jump(3_600_000);
    for (let round = 0; round < 200; round += 1) {
      await sweep(this.queue, ['backup', 'restore', 'copy']);
      const job = await this.queue.claim('good', ['backup', 'restore', 'copy']);
      if (job === undefined) this.clock.jump(60_000);
      else {
        this.held.push(job);
        await this.take({ do: 'begin', which: this.held.length - 1 });
        await this.take({ do: 'end', which: this.held.length - 1, how: 0 });
      }
      if (this.store.all().every(({ kind, state }) => isEnded(kind, state))) return;
    }
  }
}

test('whatever workers, clocks and users do, each job ends exactly once and is done at most once', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 120 }), async (steps) => {
      const now = new FakeClock().now();
      const world = new World([
        makeJob({ jobId: 'a', exclusiveKey: 'one', completeBy: now + 7_200_000 }),
        makeJob({ jobId: 'b', exclusiveKey: 'one' }),
        makeJob({ jobId: 'c', kind: 'copy', exclusiveKey: 'one', startBy: now + 1_800_000 }),
        (() => {
          const { exclusiveKey: _, startBy: __, ...restore } = makeJob({ jobId: 'd', kind: 'restore' });
          return restore;
        })(),
      ]);
      for (const action of steps) await world.take(action);
      await world.finish();
      for (const job of world.store.all()) {
        assert.ok(isEnded(job.kind, job.state), `${job.jobId} is lost in ${job.state}`);
        assert.deepEqual(world.endings.get(job.jobId), [job.state]);
        assert.ok((world.commits.get(job.jobId) ?? 0) === (job.state === 'COMPLETED' ? 1 : 0));
        assert.equal(job.lease, undefined);
        assert.ok(job.completedAt !== undefined);
      }
    }),
    { numRuns: 1000 },
  );
});
