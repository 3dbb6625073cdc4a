import type { CopyJobRecord, RunningCopies } from './copy-job-store.ts';
import type { CopyQuotas } from './copy-ports.ts';

/** Which limit keeps a copy from starting now; undefined when none does. */
export function copyLimitReached(job: CopyJobRecord, running: RunningCopies, quotas: CopyQuotas): string | undefined {
  if (job.destinationAccountId !== job.accountId && running.ofResourceToRegion >= quotas.perResourceAcrossAccounts) {
    return `${running.ofResourceToRegion} cross-account copies of ${job.resourceArn} into ${job.destinationRegion} run already`;
  }
  if (running.fromAccountToRegion < quotas.perAccountAndRegion) return undefined;
  // Once the account's limit is reached, each destination vault still gets a few (QUOTA-2).
  if (running.intoVault < quotas.perVaultBeyond) return undefined;
  return (
    `${running.fromAccountToRegion} copies of account ${job.accountId} into ${job.destinationRegion} run already, ` +
    `${running.intoVault} of them into ${job.destinationVaultArn}`
  );
}
