/** For each operation a request that succeeds, and for each error that the SDK documents what provokes it. */
import type { Table } from './case-forms.ts';
import { furtherCases } from './further-cases.ts';
import { jobCases } from './job-cases.ts';
import { planCases } from './plan-cases.ts';
import { recoveryPointCases } from './recovery-point-cases.ts';
import { vaultCases } from './vault-cases.ts';

export const ERROR_CASES: Table = {
  ...vaultCases,
  ...planCases,
  ...recoveryPointCases,
  ...jobCases,
  ...furtherCases,
};

const NO_REQUIRED = 'no member of the request is required, and nothing is looked up by name';

/** Documented errors that cannot occur here, each with its reason. */
export const CANNOT_OCCUR: Readonly<Record<string, string>> = {
  'ListBackupVaults MissingParameterValueException': NO_REQUIRED,
  'ListBackupVaults ResourceNotFoundException': NO_REQUIRED,
  'ListBackupPlans MissingParameterValueException': NO_REQUIRED,
  'ListBackupPlans ResourceNotFoundException': NO_REQUIRED,
  'ListBackupPlanTemplates MissingParameterValueException': NO_REQUIRED,
  'ListBackupPlanTemplates ResourceNotFoundException': NO_REQUIRED,
  'ListRestoreJobs MissingParameterValueException': NO_REQUIRED,
  'ListRestoreJobs ResourceNotFoundException': NO_REQUIRED,
  'DescribeBackupJob DependencyFailureException': 'jobs are described from the catalog; no other service is asked',
  'DescribeRestoreJob DependencyFailureException': 'jobs are described from the catalog; no other service is asked',
  'DeleteBackupSelection ResourceNotFoundException':
    'clients (Terraform) take InvalidParameterValueException, and only that, for "gone already"',
  'StartCopyJob LimitExceededException':
    'nothing in the request is counted; copies beyond the limits on concurrency wait for their turn',
};
