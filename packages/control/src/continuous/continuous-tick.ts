/**
 * Compares the continuous backups with the plans that asked for them: follows a changed retention, and stops what no rule
 * covers any more (BKP-68, BKP-70, BKP-75).
 */
import type { BackupPlanRecord, BackupRule } from '../plans/backup-plan.ts';
import { canBeContinuous } from '../plans/plan-firings.ts';
import { retentionDays } from '../plans/retention-days.ts';
import { ruleRoles } from '../plans/rule-roles.ts';
import type { SchedulerPorts } from '../plans/scheduler-ports.ts';
import { type ScopeSnapshot, takeScopeSnapshot } from '../plans/scope-snapshot.ts';
import type { ControlPorts } from '../ports.ts';
import type { ContinuousBackupRecord } from './continuous-backup-store.ts';
import { changedRetention } from './continuous-retention.ts';
import { hasUnendedJob } from './request-base.ts';
import { stopContinuousBackup } from './stop-continuous.ts';

const HOUR_MS = 3_600_000;
const PAGE = 200;

export type ContinuousTickPorts = ControlPorts & SchedulerPorts;

export interface ContinuousTick {
  readonly looked: number;
  readonly stopped: number;
  readonly changed: number;
}

/** One round over all that are live. An error with one is logged and does not stop the others. */
export async function runContinuousTick(ports: ContinuousTickPorts, signal?: AbortSignal): Promise<ContinuousTick> {
  const snapshots = new Map<string, Promise<ScopeSnapshot>>();
  const counts = { looked: 0, stopped: 0, changed: 0 };
  let afterKey: string | undefined;
  do {
    const page = await ports.stores.continuousBackups.list(
      { states: ['STARTING', 'ACTIVE'] },
      { limit: PAGE, ...(afterKey === undefined ? {} : { afterKey }) },
    );
    for (const record of page.items) {
      if (signal?.aborted) return counts;
      const key = `${record.accountId} ${record.region}`;
      const snapshot = snapshots.get(key) ?? takeScopeSnapshot(ports, record);
      snapshots.set(key, snapshot);
      counts.looked += 1;
      const outcome = await follow(ports, record, await snapshot);
      if (outcome !== 'kept') counts[outcome] += 1;
    }
    afterKey = page.nextKey;
  } while (afterKey !== undefined);
  return counts;
}

async function follow(
  ports: ContinuousTickPorts,
  record: ContinuousBackupRecord,
  snapshot: ScopeSnapshot,
): Promise<'kept' | 'stopped' | 'changed'> {
  try {
    const rule = wantedRule(record, snapshot);
    if ('reason' in rule) {
      await stopContinuousBackup(ports, record, rule.reason);
      return 'stopped';
    }
    if (await isAbandoned(ports, record)) {
      await stopContinuousBackup(ports, record, 'The backup job that was to begin it has ended.');
      return 'stopped';
    }
    return (await followRetention(ports, record, retentionDays(rule))) ? 'changed' : 'kept';
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    ports.log('error', 'a continuous backup could not be compared with its plan', {
      recoveryPointArn: record.recoveryPointArn,
      reason,
    });
    return 'kept';
  }
}

/** The rule that covers the resource now, or why none does. */
function wantedRule(record: ContinuousBackupRecord, snapshot: ScopeSnapshot): BackupRule | { readonly reason: string } {
  const resource = snapshot.resources.find(({ arn }) => arn === record.resourceArn);
  if (resource === undefined) return { reason: `Resource ${record.resourceArn} is no longer available at its source.` };
  const plan = canBeContinuous(resource) ? snapshot.continuousPlanOf(resource) : undefined;
  const rule = plan === undefined ? undefined : makerOf(plan);
  return rule ?? { reason: 'No backup rule makes continuous backups of the resource any more.' };
}

function makerOf({ document }: BackupPlanRecord): BackupRule | undefined {
  const roles = ruleRoles(document, 'continuous');
  return document.Rules.find(({ RuleId }) => roles.get(RuleId) === 'continuous');
}

/** Its job is over and made no base; nobody else will. */
async function isAbandoned(ports: ContinuousTickPorts, record: ContinuousBackupRecord): Promise<boolean> {
  if (record.state !== 'STARTING' || ports.clock.now() - record.createdAt < HOUR_MS) return false;
  return !(await hasUnendedJob(ports, record));
}

/** More days count at once, fewer when the difference has passed (BKP-76); clients see the rule's days. */
async function followRetention(
  ports: ContinuousTickPorts,
  record: ContinuousBackupRecord,
  days: number,
): Promise<boolean> {
  if (days === record.retention.days) return false;
  const retention = changedRetention(record.retention, days, ports.clock.now());
  await ports.stores.continuousBackups.change(record.continuousId, { retention }, { states: ['STARTING', 'ACTIVE'] });
  const { vaultId, recoveryPointArn } = record;
  const change = { lifecycle: { deleteAfterDays: days } };
  const changed = await ports.stores.recoveryPoints.change(vaultId, recoveryPointArn, change, ['AVAILABLE']);
  if (changed !== undefined) {
    ports.emit({ kind: 'recovery-point-changed', at: ports.clock.now(), recoveryPoint: changed });
  }
  ports.log('info', 'the retention of a continuous backup changed', { recoveryPointArn, days });
  return true;
}
