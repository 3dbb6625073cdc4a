/** The rules that a selection must keep before it is stored (PLAN-118, PLAN-121, TYPE-92 to TYPE-99). */
import { parseArn } from '../arn.ts';
import { invalidParameter, limitExceeded } from '../errors.ts';
import type { PlanQuotas } from '../plans/plan-ports.ts';
import type { BackupSelectionDocument } from './backup-selection-store.ts';
import { hasWildcard } from './wildcard.ts';

const NAME = /^[a-zA-Z0-9\-_.]{1,50}$/;
const ADVICE = 'Assign fewer resource types, all resources of a type, or refine with tags; or make several selections.';

/** @throws ServiceError InvalidParameterValueException or LimitExceededException */
export function checkSelection(selection: BackupSelectionDocument, quotas: PlanQuotas): void {
  if (!NAME.test(selection.SelectionName)) {
    throw invalidParameter(
      `SelectionName must be 1 to 50 letters, digits or - _ . , not "${selection.SelectionName}".`,
      'SelectionName',
    );
  }
  const role = parseArn(selection.IamRoleArn);
  if (role === undefined || role.service !== 'iam' || !role.resource.startsWith('role/')) {
    throw invalidParameter(
      `IamRoleArn must be the ARN of a role, such as arn:aws:iam::123456789012:role/name, not "${selection.IamRoleArn}".`,
      'IamRoleArn',
    );
  }
  checkArns(selection.Resources, 'Resources', quotas);
  checkArns(selection.NotResources, 'NotResources', quotas);
  checkTagList(selection.ListOfTags, quotas);
  checkConditions(selection.Conditions, quotas);
}

function checkArns(patterns: readonly string[] | undefined, name: string, quotas: PlanQuotas): void {
  for (const pattern of patterns ?? []) {
    if (pattern !== '*' && !/^arn:\S+$/.test(pattern)) {
      throw invalidParameter(`${name} holds ARNs, ARN patterns with *, or "*"; "${pattern}" is none of these.`, name);
    }
  }
  const wild = (patterns ?? []).filter(hasWildcard).length;
  const exact = (patterns ?? []).length - wild;
  checkCount(exact, quotas.exactArnsPerList, `${name} without wildcards`);
  checkCount(wild, quotas.wildcardArnsPerList, `${name} with wildcards`);
}

function checkTagList(tags: BackupSelectionDocument['ListOfTags'], quotas: PlanQuotas): void {
  checkCount(tags?.length ?? 0, quotas.tagsPerSelection, 'ListOfTags');
  for (const tag of tags ?? []) {
    if (tag.ConditionType.toUpperCase() !== 'STRINGEQUALS') {
      throw invalidParameter(
        `ConditionType "${tag.ConditionType}" does not exist: ListOfTags knows STRINGEQUALS only. Use Conditions for the others.`,
        'ListOfTags',
      );
    }
  }
}

function checkConditions(conditions: BackupSelectionDocument['Conditions'], quotas: PlanQuotas): void {
  const entries = Object.values(conditions ?? {}).flatMap((list) => list ?? []);
  checkCount(entries.length, quotas.conditionsPerSelection, 'Conditions');
  for (const { ConditionKey } of entries) {
    if (ConditionKey === undefined || ConditionKey === '' || ConditionKey === 'aws:ResourceTag/') {
      throw invalidParameter(
        'Every entry of Conditions needs a ConditionKey such as aws:ResourceTag/stage.',
        'Conditions',
      );
    }
  }
}

function checkCount(count: number, limit: number, what: string): void {
  if (count > limit) throw limitExceeded(`A selection takes at most ${limit} ${what}, not ${count}. ${ADVICE}`, what);
}
