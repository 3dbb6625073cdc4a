import { isDeepStrictEqual } from 'node:util';
import type { BackupHandler } from '../../action.ts';
import { backupArn } from '../../arn.ts';
import { alreadyExists, invalidParameter, limitExceeded } from '../../errors.ts';
import { checkCreatorRequestId } from '../../plans/actions/create-backup-plan.ts';
import type { PlanPorts } from '../../plans/plan-ports.ts';
import { requireOwnPlan } from '../../plans/require-own-plan.ts';
import type { BackupSelectionRecord } from '../backup-selection-store.ts';
import { checkSelection } from '../read-selection.ts';

/** API-60 to API-64. The role is checked here, since clients rely on that to wait for a role made a moment ago. */
export function createBackupSelection(ports: PlanPorts): BackupHandler<'CreateBackupSelection'> {
  return async (input, context) => {
    checkCreatorRequestId(input.CreatorRequestId);
    checkSelection(input.BackupSelection, ports.planQuotas);
    const role = await ports.roles.assume(context.accountId, input.BackupSelection.IamRoleArn);
    if (!role.ok) {
      throw invalidParameter(
        `IAM Role ${input.BackupSelection.IamRoleArn} cannot be assumed by AWS Backup: ${role.reason}`,
        'IamRoleArn',
      );
    }
    const selection: BackupSelectionRecord = {
      accountId: context.accountId,
      region: context.region,
      selectionId: ports.ids.uuid(),
      planId: input.BackupPlanId,
      createdAt: context.now,
      document: input.BackupSelection,
      ...(input.CreatorRequestId === undefined ? {} : { creatorRequestId: input.CreatorRequestId }),
    };
    return await ports.catalog.transaction(async () => {
      const plan = await ports.plans.get(context, input.BackupPlanId);
      if (plan === undefined || plan.deletedAt !== undefined) throw cannotFindPlan(input.BackupPlanId);
      requireOwnPlan(plan);
      const others = await ports.selections.listOfPlan(plan.planId);
      const retried = findRetried(selection, others);
      if (retried !== undefined) return presentCreated(retried);
      if (others.length >= ports.planQuotas.selectionsPerPlan) {
        throw limitExceeded(
          `A plan has at most ${ports.planQuotas.selectionsPerPlan} selections. Delete one, or use another plan.`,
          'BackupSelection',
        );
      }
      await ports.selections.create(selection);
      return presentCreated(selection);
    });
  };
}

/** The error by which clients learn that a selection's plan is gone. */
export function cannotFindPlan(planId: string): Error {
  return invalidParameter(`Cannot find Backup plan with ID ${planId}. List the plans to see those that exist.`, planId);
}

function findRetried(
  selection: BackupSelectionRecord,
  others: readonly BackupSelectionRecord[],
): BackupSelectionRecord | undefined {
  const namesake = others.find(
    (other) =>
      other.document.SelectionName === selection.document.SelectionName ||
      (selection.creatorRequestId !== undefined && other.creatorRequestId === selection.creatorRequestId),
  );
  if (namesake === undefined) return undefined;
  const isRetry =
    selection.creatorRequestId !== undefined &&
    namesake.creatorRequestId === selection.creatorRequestId &&
    isDeepStrictEqual(plain(namesake.document), plain(selection.document));
  if (isRetry) return namesake;
  throw alreadyExists(
    `The plan has a selection named "${namesake.document.SelectionName}" already (${namesake.selectionId}).`,
    {
      arn: backupArn(namesake, 'backup-plan', `${namesake.planId}/selection/${namesake.selectionId}`),
      ...(namesake.creatorRequestId === undefined ? {} : { creatorRequestId: namesake.creatorRequestId }),
    },
  );
}

function plain(document: unknown): unknown {
  return JSON.parse(JSON.stringify(document));
}

function presentCreated(selection: BackupSelectionRecord) {
  return {
    SelectionId: selection.selectionId,
    BackupPlanId: selection.planId,
    CreationDate: new Date(selection.createdAt),
  };
}
