/** Which tags a restore puts on the new resource (RST-28 to RST-39). Pure, but for the refusal. */
import { JobFailure } from '../job-messages/outcome-of-error.ts';
import type { Tags } from '../scope.ts';
import type { RestoreJobRecord } from './restore-job-store.ts';

/** `copyTags` apply only when the restore makes a new resource. */
export interface RestoreTags {
  readonly copyTags: Tags;
}

const UNSUPPORTED: ReadonlySet<string> = new Set([
  'VirtualMachine',
  'SAP HANA on Amazon EC2',
  'Timestream',
  'DynamoDB',
  'S3',
]);
/** Their tags come along whatever the request says. */
const ALWAYS: ReadonlySet<string> = new Set(['Redshift', 'RDS']);

/** @throws JobFailure when tags are asked for of a type that does not support it (RST-31) */
export function restoreTags(
  job: Pick<RestoreJobRecord, 'resourceType' | 'copySourceTags' | 'metadata'>,
  resourceTags: Tags,
): RestoreTags {
  if (job.copySourceTags && UNSUPPORTED.has(job.resourceType)) {
    throw new JobFailure(
      'UNSUPPORTED_OPERATION',
      `Copying tags to the restored resource is not supported for resources of type ${job.resourceType}.`,
    );
  }
  const wanted = job.copySourceTags || ALWAYS.has(job.resourceType);
  return { copyTags: wanted && !isItemLevel(job.metadata) ? resourceTags : {} };
}

/** Item-level restores never copy tags (RST-36). */
function isItemLevel(metadata: Readonly<Record<string, string>>): boolean {
  return Object.keys(metadata).some((key) => key.toLowerCase() === 'itemstorestore');
}
