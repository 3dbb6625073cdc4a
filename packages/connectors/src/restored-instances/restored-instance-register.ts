import { join } from 'node:path';
import { z } from 'zod';
import { ConnectorError } from '../sdk/v1/connector-error.ts';
import { RecordFiles } from './record-files.ts';

const restoredInstance = z.object({
  /** The DB instance or cluster identifier: lower case, unique within the source. */
  identifier: z.string(),
  directory: z.string(),
  port: z.number(),
  /** `building` until the restore ended; `damaged` and `handed-over` instances are never started by Holdfast. */
  state: z.enum(['building', 'running', 'handed-over', 'damaged']),
  engineVersion: z.string(),
  /** The directory of the programs that run it. */
  binariesDirectory: z.string(),
  jobId: z.string(),
  createdAt: z.number(),
  tags: z.record(z.string(), z.string()),
  sizeBytes: z.number().optional(),
});

/** A database instance that a restore made on this machine: what deleteRestored may stop and remove. */
export type RestoredInstance = z.infer<typeof restoredInstance>;

/** The instances that restores of one source made. */
export class RestoredInstanceRegister {
  readonly #files: RecordFiles<RestoredInstance>;

  constructor(stateDirectory: string) {
    this.#files = new RecordFiles(join(stateDirectory, 'restored-instances'), restoredInstance);
  }

  list(): Promise<RestoredInstance[]> {
    return this.#files.list();
  }

  get(identifier: string): Promise<RestoredInstance | undefined> {
    return this.#files.get(identifier);
  }

  /** What an earlier call of the same restore job began. */
  async ofJob(jobId: string): Promise<RestoredInstance | undefined> {
    return (await this.list()).find((instance) => instance.jobId === jobId);
  }

  put(instance: RestoredInstance): Promise<void> {
    return this.#files.put(instance.identifier, instance);
  }

  remove(identifier: string): Promise<void> {
    return this.#files.remove(identifier);
  }

  /** @throws ConnectorError `invalid-request` when another restore made, or makes, an instance of this name (RST-109) */
  async assertFree(identifier: string, jobId: string): Promise<void> {
    const taken = await this.get(identifier);
    if (taken === undefined || taken.jobId === jobId) return;
    throw new ConnectorError('invalid-request', `There is a DB instance '${identifier}' already.`, {
      hint: 'Choose another DBInstanceIdentifier, or delete that instance.',
    });
  }
}
