import { join } from 'node:path';
import { z } from 'zod';
import { RecordFiles } from '../restored-instances/record-files.ts';
import type { S3Connection } from './connection.ts';
import { abortUpload } from './upload.ts';

/** What nobody came back for in this time belongs to no restore any more. */
const FORGOTTEN_AFTER_MS = 7 * 86_400_000;

const openUpload = z.object({
  jobId: z.string(),
  bucket: z.string(),
  key: z.string(),
  uploadId: z.string(),
  startedAt: z.number(),
});

type Identity = Pick<z.infer<typeof openUpload>, 'bucket' | 'key' | 'uploadId'>;

/** The multipart uploads of a restore that are under way, on disk, so that a killed worker leaves none for good. */
export class OpenUploads {
  readonly #records: RecordFiles<z.infer<typeof openUpload>>;
  readonly #jobId: string;
  readonly #now: () => number;

  constructor(stateDirectory: string, jobId: string, now: () => number) {
    this.#records = new RecordFiles(join(stateDirectory, 'uploads'), openUpload);
    this.#jobId = jobId;
    this.#now = now;
  }

  async add(upload: Identity): Promise<void> {
    const record = { ...upload, jobId: this.#jobId, startedAt: this.#now() };
    await this.#records.put(keyOf(this.#jobId, upload), record);
  }

  async remove(upload: Identity): Promise<void> {
    await this.#records.remove(keyOf(this.#jobId, upload));
  }

  /** Aborts what an earlier call of this job, or a long forgotten one, left open. */
  async abortLeftovers(connection: S3Connection): Promise<void> {
    for (const { bucket, key, uploadId, jobId, startedAt } of await this.#records.list()) {
      if (jobId !== this.#jobId && startedAt > this.#now() - FORGOTTEN_AFTER_MS) continue;
      const upload = { bucket, key, uploadId };
      if (await abortUpload(connection, upload)) await this.#records.remove(keyOf(jobId, upload));
    }
  }
}

function keyOf(jobId: string, { bucket, key, uploadId }: Identity): string {
  return JSON.stringify([jobId, bucket, key, uploadId]);
}
