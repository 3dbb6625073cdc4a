/** Plans as JSON texts: exported ones are signed (API-71), those that users write are not. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { invalidParameter } from '../errors.ts';
import type { BackupPlanDocument } from './backup-plan.ts';

const LONGEST_TEXT = 1_000_000;

/** What a plan text holds, still unchecked. */
export type PlanJson = Readonly<Record<string, unknown>>;

/** The signed text of a plan, without the identities of its rules. */
export function writePlanText(document: BackupPlanDocument, key: Uint8Array): string {
  const plan = JSON.stringify(document, (name, value: unknown) => (name === 'RuleId' ? undefined : value));
  return JSON.stringify({ BackupPlan: plan, Signature: signatureOf(plan, key) });
}

/**
 * Reads a plan text: a signed one, `{"BackupPlan": {...}}` as request files have it, or the plan itself.
 * @throws ServiceError InvalidParameterValueException when it is no JSON object or its signature does not fit
 */
export function readPlanText(text: string, key: Uint8Array): PlanJson {
  if (text.length > LONGEST_TEXT) {
    throw invalidParameter(
      `BackupPlanTemplateJson is longer than ${LONGEST_TEXT} characters.`,
      'BackupPlanTemplateJson',
    );
  }
  const outer = parseObject(text);
  if (typeof outer.Signature === 'string') {
    const plan = typeof outer.BackupPlan === 'string' ? outer.BackupPlan : '';
    if (!isSignedBy(plan, outer.Signature, key)) {
      throw invalidParameter(
        'The template was changed after it was exported, or comes from another installation. Export it again, or send a plan without "Signature".',
        'BackupPlanTemplateJson',
      );
    }
    return parseObject(plan);
  }
  return isObject(outer.BackupPlan) ? outer.BackupPlan : outer;
}

function signatureOf(plan: string, key: Uint8Array): string {
  return createHmac('sha256', key).update('backup plan template\n').update(plan).digest('base64url');
}

function isSignedBy(plan: string, signature: string, key: Uint8Array): boolean {
  const expected = Buffer.from(signatureOf(plan, key));
  const actual = Buffer.from(signature);
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}

function isObject(value: unknown): value is PlanJson {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseObject(text: string): PlanJson {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw invalidParameter(`BackupPlanTemplateJson is not valid JSON: ${reason}.`, 'BackupPlanTemplateJson');
  }
  if (isObject(value)) return value;
  throw invalidParameter('BackupPlanTemplateJson must be a JSON object with a backup plan.', 'BackupPlanTemplateJson');
}
