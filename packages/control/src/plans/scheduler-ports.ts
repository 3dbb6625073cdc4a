import type { ControlPorts } from '../ports.ts';
import type { BackupSelectionStore } from '../selections/backup-selection-store.ts';
import type { BackupPlanStore } from './backup-plan-store.ts';
import type { TransactionPort } from './plan-ports.ts';

/** What firing plans needs. */
export interface SchedulerPorts extends Pick<ControlPorts, 'clock' | 'ids' | 'jobControl' | 'emit' | 'log'> {
  readonly stores: Pick<ControlPorts['stores'], 'vaults' | 'resources' | 'settings' | 'tags' | 'backupJobs'>;
  readonly plans: BackupPlanStore;
  readonly selections: BackupSelectionStore;
  readonly catalog: TransactionPort;
}
