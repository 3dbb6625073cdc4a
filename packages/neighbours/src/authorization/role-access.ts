import { parseIdentityArn } from '../identity/identity-arn.ts';
import type { RoleRecord } from '../identity/identity-records.ts';
import { type IdentityStore, nameKey } from '../identity/identity-store.ts';
import { SERVICE_LINKED_ROLES, serviceLinkedRoleArn } from '../identity/service-linked-roles.ts';
import { ConditionContext } from '../policy/condition-context.ts';
import { type Decision, denialReason } from '../policy/decision.ts';
import { evaluatePolicies } from '../policy/evaluate-policies.ts';
import type { AccessCheck, Authorizer } from './authorizer.ts';

export type RoleOutcome =
  | { readonly ok: true; readonly role: RoleRecord }
  | { readonly ok: false; readonly reason: string };

/** What the backup service asks about roles that it is given (IAM-33), and about principals in policies. */
export class RoleAccess {
  readonly #store: IdentityStore;
  readonly #authorizer: Authorizer;
  readonly #serviceName: string;

  constructor(store: IdentityStore, authorizer: Authorizer, serviceName = 'backup.amazonaws.com') {
    this.#store = store;
    this.#authorizer = authorizer;
    this.#serviceName = serviceName;
  }

  /**
   * Whether the role exists in the account and its trust policy lets the service assume it; the reason continues a
   * sentence about the role. `now` in ms.
   */
  async assume(accountId: string, roleArn: string, now: number): Promise<RoleOutcome> {
    const name = parseIdentityArn(roleArn);
    const role = name?.kind === 'role' ? await this.#store.roles.get(accountId, nameKey(name.name)) : undefined;
    if (name === undefined || role === undefined || name.accountId !== accountId || role.path !== name.path) {
      return { ok: false, reason: 'it does not exist.' };
    }
    const decision = this.#trusts(role, roleArn, now);
    if (decision.outcome === 'allowed') return { ok: true, role };
    return { ok: false, reason: `its trust policy does not let ${this.#serviceName} assume it.` };
  }

  /** Whether the role, used by the service, may do something; the reason is fit for a job's message. */
  async mayDo(role: RoleRecord, roleArn: string, now: number, check: AccessCheck): Promise<RoleOutcome> {
    const decision = await this.#authorizer.decideForRole(role, roleArn, now, check);
    if (decision.outcome === 'allowed') return { ok: true, role };
    const isUnmentioned = decision.outcome === 'implicit-deny' && decision.missing === 'identity-based policy';
    if (isUnmentioned && check.isGivenUnlessDenied === true) return { ok: true, role };
    const reason = denialReason(decision, check.action);
    return {
      ok: false,
      reason: `IAM Role ${roleArn} is not authorized to call ${check.action} on ${check.resource} ${reason}.`,
    };
  }

  /** Whether the service may assume the role and do all of it; the reason is fit for a job's message. */
  async mayUse(accountId: string, roleArn: string, now: number, checks: readonly AccessCheck[]): Promise<RoleOutcome> {
    const assumed = await this.assume(accountId, roleArn, now);
    if (!assumed.ok) {
      return { ok: false, reason: `IAM Role ${roleArn} cannot be assumed by AWS Backup: ${assumed.reason}` };
    }
    for (const check of checks) {
      const outcome = await this.mayDo(assumed.role, roleArn, now, check);
      if (!outcome.ok) return outcome;
    }
    return assumed;
  }

  /**
   * Whether the service may do all of it with the role or, when the role is gone or lacks a right, with its
   * service-linked role in the account (IAM-7). The reason tells both.
   */
  async mayUseOrReplace(
    accountId: string,
    roleArn: string,
    now: number,
    checks: readonly AccessCheck[],
  ): Promise<RoleOutcome> {
    const own = await this.mayUse(accountId, roleArn, now, checks);
    if (own.ok) return own;
    const kind = SERVICE_LINKED_ROLES.get(this.#serviceName);
    if (kind === undefined) return own;
    const linked = await this.mayUse(accountId, serviceLinkedRoleArn(accountId, kind), now, checks);
    return linked.ok ? linked : { ok: false, reason: `${own.reason} ${linked.reason}` };
  }

  /** Whether the account, user, role or session that a policy names exists; `*` and services always do. */
  async principalExists(principal: string): Promise<boolean> {
    if (principal === '*') return true;
    const account = /^(?:arn:[^:]+:iam::)?(\d{12})(?::root)?$/.exec(principal)?.[1];
    if (account !== undefined) return true;
    const session = /^arn:[^:]+:sts::(\d{12}):assumed-role\/([^/]+)\/.+$/.exec(principal);
    if (session !== null) {
      return (await this.#store.roles.get(session[1] ?? '', nameKey(session[2] ?? ''))) !== undefined;
    }
    const name = parseIdentityArn(principal);
    if (name === undefined) return false;
    const collection = name.kind === 'user' ? this.#store.users : name.kind === 'role' ? this.#store.roles : undefined;
    const found = await collection?.get(name.accountId, nameKey(name.name));
    return found !== undefined && found.path === name.path;
  }

  #trusts(role: RoleRecord, roleArn: string, now: number): Decision {
    const document = this.#authorizer.parse(role.trustPolicy, 'trust');
    return evaluatePolicies(
      {
        principal: { type: 'service', serviceName: this.#serviceName },
        action: 'sts:AssumeRole',
        resource: roleArn,
        resourceAccountId: role.accountId,
        resourcePolicyRule: 'required',
        context: new ConditionContext({
          'aws:SourceAccount': role.accountId,
          'aws:PrincipalIsAWSService': true,
          'aws:PrincipalServiceName': this.#serviceName,
          'aws:CurrentTime': new Date(now).toISOString(),
          'aws:EpochTime': Math.floor(now / 1000),
        }),
      },
      { identity: [], resource: { name: 'trust policy', document } },
    );
  }
}
