import type { RequestContext } from '@holdfast/wire';
import { accessDenied } from '@holdfast/wire';
import type { Authorizer } from '../authorization/authorizer.ts';
import { resourceTagConditions } from '../authorization/tag-conditions.ts';
import { ConditionContext } from '../policy/condition-context.ts';
import { denialReason } from '../policy/decision.ts';
import { everyRecord } from '../records/record-collection.ts';
import type { EncryptionContext } from './encryption-context.ts';
import type { GrantRecord, KeyRecord } from './key-records.ts';
import type { KeyRing } from './key-ring.ts';
import { aliasArn, keyArn, keyScope } from './key-store.ts';

export interface KeyQuestion {
  /** Without `kms:`. */
  readonly operation: string;
  readonly encryptionContext?: EncryptionContext | undefined;
  /** The alias by which the request named the key. */
  readonly alias?: string | undefined;
  readonly conditions?: ConditionContext | undefined;
}

/** Who may use a key: its policy and identity policies, or else a grant (IAM-1, IAM-2). */
export class KeyAccess {
  readonly #authorizer: Authorizer;
  readonly #ring: KeyRing;

  constructor(authorizer: Authorizer, ring: KeyRing) {
    this.#authorizer = authorizer;
    this.#ring = ring;
  }

  /** @throws ServiceError AccessDeniedException */
  async check(context: RequestContext, key: KeyRecord, question: KeyQuestion): Promise<void> {
    const action = `kms:${question.operation}`;
    const arn = keyArn(key, key.keyId);
    const decision = await this.#authorizer.decide(context, {
      action,
      resource: arn,
      resourceAccountId: key.accountId,
      resourcePolicy: { name: 'key policy', text: key.policy },
      resourcePolicyRule: 'required',
      conditions: await this.#conditions(context, key, question),
    });
    if (decision.outcome === 'allowed') return;
    if (decision.outcome === 'implicit-deny' && (await this.#isGranted(context, key, question))) return;
    throw accessDenied({ context, action, input: {} }, arn, denialReason(decision, action));
  }

  async #conditions(context: RequestContext, key: KeyRecord, question: KeyQuestion): Promise<ConditionContext> {
    const pairs = Object.entries(question.encryptionContext ?? {});
    const aliases = (await this.#ring.aliasesOf(key)).map(({ aliasName }) => aliasName);
    const conditions = new ConditionContext({
      'kms:CallerAccount': context.accountId,
      'kms:KeyOrigin': key.backing.kind === 'embedded' ? 'AWS_KMS' : 'EXTERNAL_KEY_STORE',
      'kms:KeySpec': 'SYMMETRIC_DEFAULT',
      'kms:KeyUsage': 'ENCRYPT_DECRYPT',
      'kms:MultiRegion': false,
      'kms:ResourceAliases': aliases,
      'kms:RequestAlias': question.alias,
      'kms:EncryptionContextKeys': pairs.map(([name]) => name),
    }).with(resourceTagConditions(key.tags));
    for (const [name, value] of pairs) conditions.set(`kms:EncryptionContext:${name}`, value);
    return conditions.with(question.conditions ?? new ConditionContext());
  }

  async #isGranted(context: RequestContext, key: KeyRecord, question: KeyQuestion): Promise<boolean> {
    for await (const grant of everyRecord(this.#ring.store.grants, keyScope(key), `${key.keyId}/`)) {
      if (grant.operations.includes(question.operation) && isGrantee(grant, context) && fits(grant, question))
        return true;
    }
    return false;
  }
}

function isGrantee(grant: GrantRecord, { principal, accountId }: RequestContext): boolean {
  const account = `arn:aws:iam::${accountId}:root`;
  return [principal.arn, principal.roleArn, account].includes(grant.granteePrincipal);
}

/** A grant may be bound to an encryption context, in whole or in part. */
function fits(grant: GrantRecord, { encryptionContext = {} }: KeyQuestion): boolean {
  const { encryptionContextSubset: subset, encryptionContextEquals: equals } = grant;
  const hasAll = (pairs: EncryptionContext): boolean =>
    Object.entries(pairs).every(([name, value]) => encryptionContext[name] === value);
  if (subset !== undefined && !hasAll(subset)) return false;
  if (equals === undefined) return true;
  return hasAll(equals) && Object.keys(equals).length === Object.keys(encryptionContext).length;
}

/** The alias ARN of a request that named its key by an alias, for messages and conditions. */
export function requestedAlias(key: KeyRecord, name: string): string | undefined {
  const local = name.split(':').at(-1) ?? '';
  return local.startsWith('alias/') ? aliasArn(key, local).split(':').at(-1) : undefined;
}
