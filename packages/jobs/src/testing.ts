export { sweep } from './queue/sweep.ts';
export { FakeClock } from './testing/fake-clock.ts';
export { makeJob } from './testing/make-job.ts';
export { MemoryJobStore } from './testing/memory-job-store.ts';
