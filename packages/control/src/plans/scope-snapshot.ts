import { effectiveTags, type ResourceRecord } from '../resources/resource-store.ts';
import type { Scope, Tags } from '../scope.ts';
import { type SelectionEvaluator, selectionEvaluator } from '../selections/select-resources.ts';
import { regionSettings } from '../settings/region-settings.ts';
import type { RegionSettingsRecord } from '../settings/settings-store.ts';
import type { BackupPlanRecord } from './backup-plan.ts';
import type { SchedulerPorts } from './scheduler-ports.ts';

const PAGE = 1000;

/** A resource with the tags that selections see. */
export type ScopeResource = ResourceRecord & { readonly tags: Tags };

/** What one account and region hold at one moment: read once, used for all plans that fire then. */
export interface ScopeSnapshot {
  readonly resources: readonly ScopeResource[];
  readonly settings: RegionSettingsRecord;
  /** The opt-in settings that count for a plan: those of the management account for a plan of an organisation (ORG-59). */
  readonly settingsOf: (plan: BackupPlanRecord) => RegionSettingsRecord;
  /** Whether a plan older than the given one makes continuous backups of the resource (BKP-78). */
  readonly isContinuousElsewhere: (plan: BackupPlanRecord, resource: ScopeResource) => boolean;
  /** The plan that makes the continuous backups of the resource; undefined when none does. */
  readonly continuousPlanOf: (resource: ScopeResource) => BackupPlanRecord | undefined;
}

type SnapshotPorts = Pick<SchedulerPorts, 'plans' | 'selections'> & {
  readonly stores: Pick<SchedulerPorts['stores'], 'resources' | 'settings'>;
};

export async function takeScopeSnapshot(ports: SnapshotPorts, scope: Scope): Promise<ScopeSnapshot> {
  const settings = await regionSettings(ports, scope);
  const plans = await livePlans(ports, scope);
  const settingsOf = await planSettings(ports, scope, settings, plans);
  const owners = await continuousPlans(ports, plans, settingsOf);
  return {
    settings,
    settingsOf,
    resources: await listResources(ports, scope),
    isContinuousElsewhere: (plan, resource) =>
      owners.some((owner) => isOlder(owner.plan, plan) && owner.evaluators.some((covers) => covers(resource).included)),
    continuousPlanOf: (resource) =>
      owners
        .filter(({ evaluators }) => evaluators.some((covers) => covers(resource).included))
        .reduce<BackupPlanRecord | undefined>(
          (oldest, { plan }) => (oldest === undefined || isOlder(plan, oldest) ? plan : oldest),
          undefined,
        ),
  };
}

async function listResources(ports: SnapshotPorts, scope: Scope): Promise<readonly ScopeResource[]> {
  const { accountId, region } = scope;
  const found: ScopeResource[] = [];
  let afterKey: string | undefined;
  do {
    const page = await ports.stores.resources.list(
      // What has vanished cannot be backed up; what is out of reach gets a job that says so.
      { accountId, region, statuses: ['available', 'unavailable'] },
      { limit: PAGE, ...(afterKey === undefined ? {} : { afterKey }) },
    );
    for (const resource of page.items) found.push({ ...resource, tags: effectiveTags(resource) });
    afterKey = page.nextKey;
  } while (afterKey !== undefined);
  return found;
}

interface ContinuousPlan {
  readonly plan: BackupPlanRecord;
  readonly evaluators: readonly SelectionEvaluator[];
}

async function livePlans(ports: SnapshotPorts, scope: Scope): Promise<readonly BackupPlanRecord[]> {
  const found: BackupPlanRecord[] = [];
  let afterKey: string | undefined;
  do {
    const page = await ports.plans.list(
      scope,
      { includeDeleted: false },
      { limit: PAGE, ...(afterKey === undefined ? {} : { afterKey }) },
    );
    found.push(...page.items);
    afterKey = page.nextKey;
  } while (afterKey !== undefined);
  return found;
}

async function planSettings(
  ports: SnapshotPorts,
  { region }: Scope,
  own: RegionSettingsRecord,
  plans: readonly BackupPlanRecord[],
): Promise<ScopeSnapshot['settingsOf']> {
  const managed = new Map<string, RegionSettingsRecord>();
  for (const accountId of new Set(plans.map(({ managedBy }) => managedBy?.managementAccountId))) {
    if (accountId !== undefined) managed.set(accountId, await regionSettings(ports, { accountId, region }));
  }
  return ({ managedBy }) => managed.get(managedBy?.managementAccountId ?? '') ?? own;
}

async function continuousPlans(
  ports: SnapshotPorts,
  plans: readonly BackupPlanRecord[],
  settingsOf: ScopeSnapshot['settingsOf'],
): Promise<readonly ContinuousPlan[]> {
  const owners: ContinuousPlan[] = [];
  for (const plan of plans) {
    if (!plan.document.Rules.some((rule) => rule.EnableContinuousBackup === true)) continue;
    const selections = await ports.selections.listOfPlan(plan.planId);
    const settings = settingsOf(plan);
    owners.push({ plan, evaluators: selections.map(({ document }) => selectionEvaluator(document, settings)) });
  }
  return owners;
}

function isOlder(a: BackupPlanRecord, b: BackupPlanRecord): boolean {
  return a.createdAt === b.createdAt ? a.planId < b.planId : a.createdAt < b.createdAt;
}
