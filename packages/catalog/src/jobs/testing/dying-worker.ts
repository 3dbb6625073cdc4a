/** A worker process for the take-over test: claims a job, begins it, says so, and then only waits to be killed. */
import { JobQueue } from '@holdfast/jobs';
import { openCatalog } from '../../database/open-catalog.ts';
import { CatalogJobStore } from '../queue-store.ts';

const [location = '', now = '0'] = process.argv.slice(2);
const clock = { now: () => Number(now) };
const catalog = await openCatalog(JSON.parse(location), clock);
const queue = new JobQueue({ store: new CatalogJobStore(catalog), clock });
const job = await queue.claim('dying-worker', ['backup']);
if (job === undefined) throw new Error('there is no job to claim');
await queue.begin(job.jobId, job.fencingToken);
console.log(JSON.stringify({ jobId: job.jobId, fencingToken: job.fencingToken }));
setInterval(() => {}, 60_000);
