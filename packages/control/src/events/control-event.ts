import type { BackupJobRecord } from '../backup-jobs/backup-job-store.ts';
import type { BackupPlanRecord } from '../plans/backup-plan.ts';
import type { RecoveryPointRecord } from '../recovery-points/recovery-point-store.ts';
import type { RestoreJobRecord } from '../restore-jobs/restore-job-store.ts';
import type { Scope } from '../scope.ts';

/** What happened, for notifications, metrics and the event bus. Emitted after the fact was committed. */
export type ControlEvent =
  | { readonly kind: 'backup-job-state'; readonly at: number; readonly job: BackupJobRecord }
  | { readonly kind: 'restore-job-state'; readonly at: number; readonly job: RestoreJobRecord }
  | { readonly kind: 'recovery-point-created'; readonly at: number; readonly recoveryPoint: RecoveryPointRecord }
  | { readonly kind: 'recovery-point-changed'; readonly at: number; readonly recoveryPoint: RecoveryPointRecord }
  | { readonly kind: 'recovery-point-deleted'; readonly at: number; readonly recoveryPoint: RecoveryPointRecord }
  | {
      /** A continuous backup that broke or was ended; its recovery point is STOPPED (API-140). */
      readonly kind: 'continuous-backup-stopped';
      readonly at: number;
      readonly recoveryPoint: RecoveryPointRecord;
      readonly reason: string;
    }
  | {
      readonly kind: 'vault-changed';
      readonly at: number;
      readonly scope: Scope;
      readonly vaultName: string;
      readonly vaultArn: string;
      readonly change: 'created' | 'deleted' | 'locked' | 'unlocked' | 'policy' | 'notifications';
    }
  | {
      /** A plan that an organisation's backup policies make in an account (ORG-53). */
      readonly kind: 'organization-plan-changed';
      readonly at: number;
      readonly plan: BackupPlanRecord;
      readonly change: 'created' | 'updated' | 'deleted';
    }
  | {
      readonly kind: 'region-settings-changed';
      readonly at: number;
      readonly scope: Scope;
      readonly optIn: Readonly<Record<string, boolean>>;
    };
