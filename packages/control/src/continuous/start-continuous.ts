/** The part of a continuous rule's run that finds, begins or follows the continuous backup of its resource. */
import type { ContinuousNature } from '@holdfast/connectors/sdk';
import { backupArn } from '../arn.ts';
import type { PreparedBackup } from '../backup-jobs/prepare-backup.ts';
import type { ControlPorts } from '../ports.ts';
import { withoutUndefined } from '../without-undefined.ts';
import type { ContinuousBackupRecord } from './continuous-backup-store.ts';
import { changedRetention } from './continuous-retention.ts';

const LONGEST_DAYS = 35;
/** Nobody looks at what only its own job works on. */
export const NEVER = Number.MAX_SAFE_INTEGER;
const NAME = /[^A-Za-z0-9._-]+/g;
const MOST_NAME_LENGTH = 63;

/**
 * The ARN of a new continuous recovery point: `continuous:`, the resource's own name, and 8 hexadecimal digits (BKP-13,
 * BKP-65).
 */
function continuousArn(ports: Pick<ControlPorts, 'ids'>, { record }: Pick<PreparedBackup, 'record'>): string {
  const name = record.resourceArn.slice(record.resourceArn.lastIndexOf(':') + 1).replace(NAME, '-');
  const short = name.slice(0, MOST_NAME_LENGTH);
  return backupArn(record, 'recovery-point', `continuous:${short}-${ports.ids.hex('', 8)}`);
}

/** What the rule says now, as every run brings it in. */
function followRule(
  prepared: Pick<PreparedBackup, 'record'>,
  known: ContinuousBackupRecord | undefined,
  now: number,
): Pick<ContinuousBackupRecord, 'iamRoleArn' | 'recoveryPointTags' | 'retention' | 'createdBy'> {
  const { record } = prepared;
  const days = record.lifecycle?.deleteAfterDays ?? LONGEST_DAYS;
  return {
    iamRoleArn: record.iamRoleArn,
    recoveryPointTags: record.recoveryPointTags,
    retention: known === undefined ? { days } : changedRetention(known.retention, days, now),
    ...withoutUndefined({ createdBy: record.createdBy }),
  };
}

/** The live continuous backup of the job's resource, which follows the job's rule from now on; a new one if there is none. */
export async function liveContinuousBackup(
  ports: ControlPorts,
  prepared: PreparedBackup,
  nature: ContinuousNature,
): Promise<ContinuousBackupRecord> {
  const { record, vault, resource } = prepared;
  const { continuousBackups } = ports.stores;
  const now = ports.clock.now();
  const live = await continuousBackups.live(record, resource.arn);
  if (live !== undefined) {
    if (live.state === 'STOPPING' || live.vaultId !== vault.vaultId || live.nature !== nature) return live;
    return (await continuousBackups.change(live.continuousId, followRule(prepared, live, now))) ?? live;
  }
  return await continuousBackups.create({
    accountId: record.accountId,
    region: record.region,
    continuousId: ports.ids.hex('', 16),
    vaultId: vault.vaultId,
    recoveryPointArn: continuousArn(ports, prepared),
    resourceArn: resource.arn,
    resourceType: resource.resourceType,
    nature,
    state: 'STARTING',
    createdAt: now,
    captureCount: 0,
    baseCount: 0,
    logGaps: [],
    dueAt: nature === 'log' ? now : NEVER,
    fence: 0,
    ...followRule(prepared, undefined, now),
  });
}
