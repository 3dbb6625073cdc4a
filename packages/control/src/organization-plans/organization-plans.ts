/**
 * Makes the plans that organisations' backup policies ask for stand in their accounts (ORG-4, ORG-50 to ORG-53, ORG-59): what
 * is missing is created, what has changed gets a new version, what no policy asks for any more is deleted. Users of the
 * accounts see these plans and cannot change them. Safe to repeat, and for several servers at once.
 */
import { isDeepStrictEqual } from 'node:util';
import { backupArn } from '../arn.ts';
import { newVersionId } from '../plans/actions/create-backup-plan.ts';
import type { BackupPlanRecord, PlanManager } from '../plans/backup-plan.ts';
import { readPlan } from '../plans/read-plan.ts';
import { cursorsOf, keepRuleIds } from '../plans/rule-identity.ts';
import type { Scope, Tags } from '../scope.ts';
import type { OrganizationPlanPorts } from './organization-plan-ports.ts';
import { PolicyReader } from './policy-reader.ts';
import { type OrganizationPlan, readOrganizationPlan } from './read-organization-plan.ts';

const PAGE = 500;
const TAG_LIMIT = 50;

interface WantedPlan extends Scope {
  readonly name: string;
  readonly managedBy: PlanManager;
  readonly plan: OrganizationPlan;
}

export interface OrganizationPlanRound {
  readonly created: number;
  readonly updated: number;
  readonly deleted: number;
  /** Plans of policies that cannot be, with the reason. */
  readonly invalid: readonly InvalidPlan[];
}

export interface InvalidPlan {
  readonly accountId: string;
  readonly name: string;
  readonly reason: string;
}

/** One round over all organisations. */
export async function reconcileOrganizationPlans(ports: OrganizationPlanPorts): Promise<OrganizationPlanRound> {
  const { wanted, invalid } = await wantedPlans(ports);
  const counts = { created: 0, updated: 0, deleted: 0 };
  for (const plan of await managedPlans(ports)) {
    const key = keyOf(plan, plan.document.BackupPlanName);
    if (wanted.get(key)?.managedBy.organizationId === plan.managedBy?.organizationId) continue;
    await remove(ports, plan);
    counts.deleted += 1;
  }
  for (const each of wanted.values()) {
    const done = await ports.catalog.transaction(() => bring(ports, each));
    if (done === undefined) continue;
    counts[done.change] += 1;
    tell(ports, done.plan, done.change);
  }
  return { ...counts, invalid };
}

/** Rounds that tell of each plan that cannot be when it is first met. */
export function organizationPlanRounds(ports: OrganizationPlanPorts): () => Promise<OrganizationPlanRound> {
  let known = new Set<string>();
  return async () => {
    const round = await reconcileOrganizationPlans(ports);
    const texts = round.invalid.map(({ accountId, name, reason }) => `${accountId} ${name} ${reason}`);
    round.invalid.forEach((plan, index) => {
      if (!known.has(texts[index] ?? ''))
        ports.log('warn', 'A backup plan of the organization cannot be made', { ...plan });
    });
    known = new Set(texts);
    return round;
  };
}

async function wantedPlans(
  ports: OrganizationPlanPorts,
): Promise<{ wanted: ReadonlyMap<string, WantedPlan>; invalid: readonly InvalidPlan[] }> {
  const wanted = new Map<string, WantedPlan>();
  const invalid: InvalidPlan[] = [];
  for (const effective of await ports.effectivePolicies.listBackupPolicies()) {
    const { accountId, organizationId, managementAccountId, policy } = effective;
    for (const [name, reader] of new PolicyReader(policy, accountId).below('plans').entries()) {
      const reading = readOrganizationPlan(name, reader, ports.planQuotas);
      if (!reading.ok) {
        invalid.push({ accountId, name, reason: reading.reason });
        continue;
      }
      const managedBy = { organizationId, managementAccountId };
      for (const region of reading.plan.regions) {
        const scope = { accountId, region };
        wanted.set(keyOf(scope, name), { ...scope, name, managedBy, plan: reading.plan });
      }
    }
  }
  return { wanted, invalid };
}

function keyOf({ accountId, region }: Scope, name: string): string {
  return `${accountId} ${region} ${name}`;
}

async function managedPlans(ports: OrganizationPlanPorts): Promise<readonly BackupPlanRecord[]> {
  const found: BackupPlanRecord[] = [];
  let afterKey: string | undefined;
  do {
    const page = await ports.plans.listManaged({ limit: PAGE, ...(afterKey === undefined ? {} : { afterKey }) });
    found.push(...page.items);
    afterKey = page.nextKey;
  } while (afterKey !== undefined);
  return found;
}

async function remove(ports: OrganizationPlanPorts, plan: BackupPlanRecord): Promise<void> {
  await ports.catalog.transaction(async () => {
    await removeSelections(ports, plan);
    await ports.plans.markDeleted(plan.planId, ports.clock.now());
  });
  tell(ports, plan, 'deleted');
}

async function removeSelections(ports: OrganizationPlanPorts, { planId }: BackupPlanRecord): Promise<void> {
  for (const { selectionId } of await ports.selections.listOfPlan(planId)) {
    await ports.selections.remove(planId, selectionId);
  }
}

/** Within a transaction. */
async function bring(ports: OrganizationPlanPorts, wanted: WantedPlan): Promise<Brought | undefined> {
  const existing = await ports.plans.findManagedByName(wanted, wanted.name);
  if (existing === undefined) return { change: 'created', plan: await create(ports, wanted) };
  return (await update(ports, existing, wanted)) ? { change: 'updated', plan: existing } : undefined;
}

interface Brought {
  readonly change: 'created' | 'updated';
  readonly plan: BackupPlanRecord;
}

async function create(ports: OrganizationPlanPorts, wanted: WantedPlan): Promise<BackupPlanRecord> {
  const now = ports.clock.now();
  const planId = `orgs/${ports.ids.uuid()}`;
  const document = readPlan(wanted.plan.input, TAG_LIMIT, () => ports.ids.uuid());
  const plan: BackupPlanRecord = {
    accountId: wanted.accountId,
    region: wanted.region,
    planId,
    arn: backupArn(wanted, 'backup-plan', planId),
    createdAt: now,
    versionId: newVersionId(ports),
    versionCreatedAt: now,
    document,
    managedBy: wanted.managedBy,
  };
  await ports.plans.create(plan, cursorsOf(plan, document, now), wanted.plan.tags);
  await createSelections(ports, plan, wanted.plan);
  return plan;
}

async function createSelections(
  ports: OrganizationPlanPorts,
  { accountId, region, planId }: BackupPlanRecord,
  { selections }: OrganizationPlan,
): Promise<void> {
  const createdAt = ports.clock.now();
  for (const document of selections) {
    await ports.selections.create({ accountId, region, planId, selectionId: ports.ids.uuid(), createdAt, document });
  }
}

async function update(ports: OrganizationPlanPorts, plan: BackupPlanRecord, wanted: WantedPlan): Promise<boolean> {
  const document = readPlan(
    wanted.plan.input,
    TAG_LIMIT,
    keepRuleIds(plan.document, () => ports.ids.uuid()),
  );
  const isSameDocument = isSame(plan.document, document);
  if (!isSameDocument) {
    const now = ports.clock.now();
    const cursors = await ports.plans.listCursors(plan.planId);
    await ports.plans.addVersion(plan.planId, {
      versionId: newVersionId(ports),
      createdAt: now,
      document,
      cursors: cursorsOf(plan, document, now, { document: plan.document, cursors }),
    });
  }
  const selections = (await ports.selections.listOfPlan(plan.planId)).map((selection) => selection.document);
  const areSameSelections = isSame(byName(selections), byName(wanted.plan.selections));
  if (!areSameSelections) {
    await removeSelections(ports, plan);
    await createSelections(ports, plan, wanted.plan);
  }
  const areSameTags = await bringTags(ports, plan, wanted.plan.tags);
  return !(isSameDocument && areSameSelections && areSameTags);
}

async function bringTags(ports: OrganizationPlanPorts, plan: BackupPlanRecord, tags: Tags): Promise<boolean> {
  const { items } = await ports.stores.tags.list(plan.accountId, plan.arn, { limit: 1000 });
  if (isSame(Object.fromEntries(items.map(({ key, value }) => [key, value])), tags)) return true;
  await ports.stores.tags.removeAll(plan.accountId, plan.arn);
  await ports.stores.tags.put(plan.accountId, plan.arn, tags, Number.POSITIVE_INFINITY);
  return false;
}

function byName<T extends { readonly SelectionName: string | undefined }>(documents: readonly T[]): Record<string, T> {
  return Object.fromEntries(documents.map((document) => [document.SelectionName ?? '', document]));
}

/** Through JSON, so that a member that is absent equals one that is undefined. */
function isSame(a: unknown, b: unknown): boolean {
  return isDeepStrictEqual(JSON.parse(JSON.stringify(a)), JSON.parse(JSON.stringify(b)));
}

function tell(ports: OrganizationPlanPorts, plan: BackupPlanRecord, change: 'created' | 'updated' | 'deleted'): void {
  const { accountId, region, planId } = plan;
  ports.log('info', `A backup plan of the organization was ${change}`, { accountId, region, planId });
  ports.emit({ kind: 'organization-plan-changed', at: ports.clock.now(), plan, change });
}
