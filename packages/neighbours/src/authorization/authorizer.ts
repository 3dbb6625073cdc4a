import { accessDenied, type RequestContext } from '@holdfast/wire';
import type { RoleRecord } from '../identity/identity-records.ts';
import type { IdentityStore } from '../identity/identity-store.ts';
import type { SessionStore } from '../identity/session-store.ts';
import { ConditionContext } from '../policy/condition-context.ts';
import { type Decision, denialReason } from '../policy/decision.ts';
import { evaluatePolicies, type NamedPolicy } from '../policy/evaluate-policies.ts';
import { PolicyCache } from '../policy/policy-cache.ts';
import type { PolicyKind } from '../policy/policy-document.ts';
import { GLOBAL_SCOPE } from '../records/record-collection.ts';
import type { OrganizationLookup, OrganizationPlace } from './organization-lookup.ts';
import { type PrincipalAccess, PrincipalAccessLoader } from './principal-access.ts';

/** One thing that a caller wants to do. */
export interface AccessCheck {
  /** For example `backup:StartBackupJob`. */
  readonly action: string;
  /** ARN, or `*` when the action is on no resource in particular. */
  readonly resource: string;
  /** Owner of the resource; the caller's own account when absent. */
  readonly resourceAccountId?: string | undefined;
  /** Policy of the resource (vault, key, role), as text and with the name to call it by. */
  readonly resourcePolicy?:
    | { readonly name: string; readonly text: string; readonly kind?: 'resource' | 'trust' }
    | undefined;
  /** `required` for keys and roles; see `AccessRequest`. */
  readonly resourcePolicyRule?: 'optional' | 'required';
  /** Nobody needs to be given it: only a statement that denies it counts. */
  readonly isGivenUnlessDenied?: boolean;
  /** Further condition keys: tags of the resource and the request, keys of the service. */
  readonly conditions?: ConditionContext | undefined;
}

/** Decides what callers may do, from the identity store, the organisation and the resource's own policy. */
export class Authorizer {
  readonly #loader: PrincipalAccessLoader;
  readonly #organizations: OrganizationLookup;
  readonly #sessions: SessionStore | undefined;
  readonly #cache = new PolicyCache();

  /** With `sessions`, conditions also see when a session was made (`aws:TokenIssueTime`), so that old ones can be denied. */
  constructor(store: IdentityStore, organizations: OrganizationLookup, sessions?: SessionStore) {
    this.#sessions = sessions;
    this.#loader = new PrincipalAccessLoader(store, this.#cache);
    this.#organizations = organizations;
  }

  /** @throws ServiceError AccessDeniedException that names the caller, the action, the resource and the reason */
  async check(context: RequestContext, check: AccessCheck): Promise<void> {
    const decision = await this.decide(context, check);
    if (decision.outcome === 'allowed') return;
    const request = { context, action: check.action, input: {} };
    throw accessDenied(request, check.resource, denialReason(decision, check.action));
  }

  /** The decision with its reason, for a signed request. */
  async decide(context: RequestContext, check: AccessCheck): Promise<Decision> {
    const access = await this.#loader.load(context.principal);
    const conditions = requestConditions(context).set('aws:TokenIssueTime', await this.#tokenIssueTime(context));
    return await this.#evaluate(access, conditions, check);
  }

  /** What a role may do when the service uses it, as a job does. `now` in ms since the epoch. */
  async decideForRole(role: RoleRecord, roleArn: string, now: number, check: AccessCheck): Promise<Decision> {
    const access = await this.#loader.loadRole(role, roleArn);
    const conditions = timeConditions(now).set('aws:ViaAWSService', true).set('aws:SecureTransport', true);
    // Service control policies do not bind service-linked roles: the service must be able to clean up.
    return await this.#evaluate(access, conditions, check, role.serviceLinkedTo === undefined);
  }

  /** Parses a policy through the cache of this authorizer. */
  parse(text: string, kind: PolicyKind): NamedPolicy['document'] {
    return this.#cache.parse(text, kind);
  }

  async #tokenIssueTime({ isTemporary, accessKeyId }: RequestContext): Promise<string | undefined> {
    const session = isTemporary ? await this.#sessions?.get(GLOBAL_SCOPE, accessKeyId) : undefined;
    return session === undefined ? undefined : new Date(session.issuedAt).toISOString();
  }

  async #evaluate(
    access: PrincipalAccess,
    conditions: ConditionContext,
    check: AccessCheck,
    isBound = true,
  ): Promise<Decision> {
    const accountId = access.principal.type === 'service' ? '' : access.principal.accountId;
    const resourceAccountId = check.resourceAccountId ?? accountId;
    const place = await this.#organizations.placeOf(accountId);
    const owner = resourceAccountId === accountId ? place : await this.#organizations.placeOf(resourceAccountId);
    const context = conditions
      .with(access.conditions)
      .with(organizationConditions(place, owner, resourceAccountId))
      .with(check.conditions ?? new ConditionContext());
    const policy = check.resourcePolicy;
    return evaluatePolicies(
      {
        principal: access.principal,
        action: check.action,
        resource: check.resource,
        context,
        resourceAccountId,
        resourcePolicyRule: check.resourcePolicyRule ?? 'optional',
      },
      {
        ...access.policies,
        serviceControl: isBound && place?.managementAccountId !== accountId ? place?.serviceControl : [],
        resource:
          policy === undefined
            ? undefined
            : { name: policy.name, document: this.#cache.parse(policy.text, policy.kind ?? 'resource') },
      },
    );
  }
}

function organizationConditions(
  place: OrganizationPlace | undefined,
  owner: OrganizationPlace | undefined,
  resourceAccountId: string,
): ConditionContext {
  return new ConditionContext({
    'aws:PrincipalOrgID': place?.organizationId,
    'aws:PrincipalOrgPaths': place === undefined ? undefined : [place.path],
    'aws:PrincipalOrgMasterAccountId': place?.managementAccountId,
    'aws:ResourceAccount': resourceAccountId === '' ? undefined : resourceAccountId,
    'aws:ResourceOrgID': owner?.organizationId,
    'aws:ResourceOrgPaths': owner === undefined ? undefined : [owner.path],
  });
}

function timeConditions(now: number): ConditionContext {
  return new ConditionContext({
    'aws:CurrentTime': new Date(now).toISOString(),
    'aws:EpochTime': Math.floor(now / 1000),
  });
}

/** The circumstances of a signed request. */
export function requestConditions(context: RequestContext): ConditionContext {
  return timeConditions(context.now).with(
    new ConditionContext({
      'aws:SourceIp': context.sourceIp,
      'aws:SecureTransport': context.isSecure,
      'aws:UserAgent': context.userAgent,
      'aws:RequestedRegion': context.region,
      'aws:ViaAWSService': false,
      'aws:MultiFactorAuthPresent': context.isTemporary ? false : undefined,
    }),
  );
}
