import type { AuthorizationRequest } from '@holdfast/wire';
import type { AccessChecks } from './access-checks.ts';

/**
 * Operations of the service `holdfast` that show or give away what an operation of AWS Backup guards: they need that
 * permission too, so that no policy of a vault or user is walked around.
 */
const GUARDED_BY: Readonly<Partial<Record<string, readonly string[]>>> = {
  SearchBackupJobs: ['ListBackupJobs'],
  SearchCopyJobs: ['ListCopyJobs'],
  SearchRestoreJobs: ['ListRestoreJobs'],
  SearchRecoveryPoints: ['ListRecoveryPointsByBackupVault'],
  SearchProtectedResources: ['ListProtectedResources'],
  ListEvents: ['ListBackupJobs', 'ListCopyJobs', 'ListRestoreJobs'],
  ListRecoveryPointItems: ['DescribeRecoveryPoint'],
  GetRecoveryPointItem: ['StartRestoreJob'],
  GetRecoveryPointArchive: ['StartRestoreJob'],
};

/** @param backup the checks of AWS Backup's own operations */
export function holdfastChecks(backup: AccessChecks): AccessChecks {
  return async (request) => {
    const guards = (GUARDED_BY[request.context.operation] ?? []).map((operation) =>
      backup(asBackup(request, operation)),
    );
    return [{ action: request.action, resource: '*' }, ...(await Promise.all(guards)).flat()];
  };
}

function asBackup({ context, input }: AuthorizationRequest, operation: string): AuthorizationRequest {
  return { context: { ...context, service: 'backup', operation }, action: `backup:${operation}`, input };
}
