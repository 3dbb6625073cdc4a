import { useBackupQuery } from '../../api/use-backup-query.ts';

/** One plan with its document. */
export function usePlan(id: string) {
  return useBackupQuery(['plan', id], (client, { GetBackupPlanCommand }) =>
    client.send(new GetBackupPlanCommand({ BackupPlanId: id })),
  );
}
