/**
 * Fires what is due. For each plan one transaction moves the cursors of its rules on and writes the jobs: a crash
 * before the commit leaves the occurrence due, after it the occurrence is decided for good, so nothing fires twice or
 * gets lost, whatever happens and however many servers tick at the same time.
 */
import type { BackupJobRecord } from '../backup-jobs/backup-job-store.ts';
import type { BackupPlanRecord } from './backup-plan.ts';
import { createScheduledJobs } from './create-scheduled-jobs.ts';
import { dueOccurrences } from './due-occurrences.ts';
import { planFirings } from './plan-firings.ts';
import type { SchedulerPorts } from './scheduler-ports.ts';
import { type ScopeSnapshot, takeScopeSnapshot } from './scope-snapshot.ts';

const PLANS_AT_ONCE = 100;

export interface SchedulerTick {
  readonly firedPlans: number;
  readonly createdJobs: number;
  /** Occurrences that nobody was there to start in time. */
  readonly missedOccurrences: number;
  /** Plans that could not be fired; they stay due. */
  readonly failedPlans: readonly string[];
}

/** One round over everything that is due now. A plan that cannot be fired is logged and does not stop the others. */
export async function runSchedulerTick(ports: SchedulerPorts): Promise<SchedulerTick> {
  const now = ports.clock.now();
  const snapshots = new Map<string, Promise<ScopeSnapshot>>();
  const failed = new Set<string>();
  const result = { firedPlans: 0, createdJobs: 0, missedOccurrences: 0 };
  for (;;) {
    const due = await ports.plans.listDuePlans(now, PLANS_AT_ONCE + failed.size);
    const plans = due.filter((plan) => !failed.has(plan.planId));
    if (plans.length === 0) break;
    for (const plan of plans) {
      try {
        const fired = await firePlan(ports, plan, now, await snapshotOf(ports, plan, snapshots));
        result.firedPlans += 1;
        result.createdJobs += fired.jobs.length;
        result.missedOccurrences += fired.missed;
        for (const job of fired.jobs) ports.emit({ kind: 'backup-job-state', at: now, job });
      } catch (error) {
        failed.add(plan.planId);
        const reason = error instanceof Error ? error.message : String(error);
        ports.log('error', 'A backup plan could not be fired; it is tried again', { planId: plan.planId, reason });
      }
    }
  }
  if (result.createdJobs > 0) ports.jobControl.wake();
  return { ...result, failedPlans: [...failed] };
}

function snapshotOf(
  ports: SchedulerPorts,
  plan: BackupPlanRecord,
  snapshots: Map<string, Promise<ScopeSnapshot>>,
): Promise<ScopeSnapshot> {
  const key = `${plan.accountId} ${plan.region}`;
  const snapshot = snapshots.get(key) ?? takeScopeSnapshot(ports, plan);
  snapshots.set(key, snapshot);
  return snapshot;
}

interface FiredPlan {
  readonly jobs: readonly BackupJobRecord[];
  readonly missed: number;
}

function firePlan(
  ports: SchedulerPorts,
  duePlan: BackupPlanRecord,
  now: number,
  snapshot: ScopeSnapshot,
): Promise<FiredPlan> {
  return ports.catalog.transaction(async () => {
    const plan = await ports.plans.get(duePlan, duePlan.planId);
    if (plan === undefined || plan.deletedAt !== undefined) return { jobs: [], missed: 0 };
    const { due, missed, cursors } = dueOccurrences(plan.document, await ports.plans.listCursors(plan.planId), now);
    await ports.plans.saveCursors(cursors);
    await ports.plans.recordMissed(missed);
    const firings = planFirings(plan, due, {
      selections: await ports.selections.listOfPlan(plan.planId),
      resources: snapshot.resources,
      settings: snapshot.settingsOf(plan),
      isContinuousElsewhere: (resource) => snapshot.isContinuousElsewhere(plan, resource),
    });
    const jobs = await createScheduledJobs(ports, plan, firings);
    if (jobs.length > 0) await ports.plans.recordExecution(plan.planId, now);
    return { jobs, missed: missed.reduce((sum, entry) => sum + entry.count, 0) };
  });
}
