import { isDeepStrictEqual } from 'node:util';
import type { BackupHandler } from '../../action.ts';
import { backupArn } from '../../arn.ts';
import { alreadyExists, invalidParameter, limitExceeded } from '../../errors.ts';
import { checkTags } from '../../tags/tag-rules.ts';
import type { BackupPlanDocument, BackupPlanRecord } from '../backup-plan.ts';
import type { PlanPorts } from '../plan-ports.ts';
import { readPlan } from '../read-plan.ts';
import { cursorsOf, keepRuleIds } from '../rule-identity.ts';

const CREATOR_REQUEST_ID = /^[a-zA-Z0-9\-_.]{1,50}$/;

/** API-51 to API-59: a plan with its first version; a repeated CreatorRequestId returns the plan that it made. */
export function createBackupPlan(ports: PlanPorts): BackupHandler<'CreateBackupPlan'> {
  return async (input, context) => {
    checkCreatorRequestId(input.CreatorRequestId);
    const document = readPlan(
      input.BackupPlan,
      ports.quotas.tagsPerResource,
      keepRuleIds(undefined, () => ports.ids.uuid()),
    );
    const tags = checkTags(input.BackupPlanTags, ports.quotas.tagsPerResource);
    const scope = { accountId: context.accountId, region: context.region };
    const planId = ports.ids.uuid();
    const plan: BackupPlanRecord = {
      ...scope,
      planId,
      arn: backupArn(scope, 'backup-plan', planId),
      createdAt: context.now,
      versionId: newVersionId(ports),
      versionCreatedAt: context.now,
      document,
      ...(input.CreatorRequestId === undefined ? {} : { creatorRequestId: input.CreatorRequestId }),
    };
    return await ports.catalog.transaction(async () => {
      const retried = await findRetried(ports, plan);
      if (retried !== undefined) return presentCreated(retried);
      await checkName(ports, plan);
      if ((await ports.plans.countLive(scope)) >= ports.planQuotas.plansPerRegion) {
        throw limitExceeded(
          `The region has ${ports.planQuotas.plansPerRegion} backup plans, which is the limit. Delete one first.`,
          'BackupPlan',
        );
      }
      await ports.plans.create(plan, cursorsOf(plan, document, context.now), tags);
      return presentCreated(plan);
    });
  };
}

/** A random identifier that says nothing. */
export function newVersionId(ports: Pick<PlanPorts, 'ids'>): string {
  return Buffer.from(ports.ids.uuid()).toString('base64url');
}

/** @throws ServiceError InvalidParameterValueException */
export function checkCreatorRequestId(id: string | undefined): void {
  if (id === undefined || CREATOR_REQUEST_ID.test(id)) return;
  throw invalidParameter(
    `CreatorRequestId must be 1 to 50 letters, digits or - _ . , not "${id}".`,
    'CreatorRequestId',
  );
}

async function findRetried(ports: PlanPorts, plan: BackupPlanRecord): Promise<BackupPlanRecord | undefined> {
  if (plan.creatorRequestId === undefined) return undefined;
  const earlier = await ports.plans.findLiveByCreatorRequestId(plan, plan.creatorRequestId);
  if (earlier === undefined || isSamePlan(earlier.document, plan.document)) return earlier;
  throw alreadyExists(
    `The CreatorRequestId ${plan.creatorRequestId} was used for another plan, "${earlier.document.BackupPlanName}".`,
    earlier,
  );
}

async function checkName(ports: PlanPorts, plan: BackupPlanRecord): Promise<void> {
  const namesake = await ports.plans.findLiveByName(plan, plan.document.BackupPlanName);
  if (namesake === undefined) return;
  throw alreadyExists(
    isSamePlan(namesake.document, plan.document)
      ? 'Backup plan with the same plan document already exists'
      : `A backup plan named "${plan.document.BackupPlanName}" already exists. Choose another name, or update that plan.`,
    namesake,
  );
}

function isSamePlan(a: BackupPlanDocument, b: BackupPlanDocument): boolean {
  return isDeepStrictEqual(withoutRuleIds(a), withoutRuleIds(b));
}

/** Through JSON, so that a member that is absent equals one that is undefined. */
function withoutRuleIds(document: BackupPlanDocument): unknown {
  return JSON.parse(JSON.stringify(document, (key, value: unknown) => (key === 'RuleId' ? undefined : value)));
}

function presentCreated(plan: BackupPlanRecord) {
  return {
    BackupPlanId: plan.planId,
    BackupPlanArn: plan.arn,
    CreationDate: new Date(plan.createdAt),
    VersionId: plan.versionId,
    AdvancedBackupSettings: plan.document.AdvancedBackupSettings,
  };
}
