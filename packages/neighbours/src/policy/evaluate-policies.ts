import type { DecidingStatement, Decision, PolicyLayer } from './decision.ts';
import { matchPrincipal } from './match-principal.ts';
import { type AccessQuestion, matchesStatement } from './match-statement.ts';
import type { PolicyDocument } from './policy-document.ts';
import { type PrincipalMatch, principalAccount, type RequestPrincipal } from './request-principal.ts';

/** A policy and what to call it in explanations (its name or ARN). */
export interface NamedPolicy {
  readonly name: string;
  readonly document: PolicyDocument;
}

/** Every policy that has a say about one request. */
export interface ApplicablePolicies {
  /** Inline and managed policies of the user and their groups, or of the role. */
  readonly identity: readonly NamedPolicy[];
  /** Absent when the principal has none. */
  readonly boundary?: NamedPolicy | undefined;
  /** Absent when the session was made without any; an empty list allows nothing. */
  readonly session?: readonly NamedPolicy[] | undefined;
  /**
   * One list for each level from the organisation's root to the account; each level must allow. Empty for accounts
   * outside an organisation, the management account and service-linked roles.
   */
  readonly serviceControl?: readonly (readonly NamedPolicy[])[] | undefined;
  readonly resource?: NamedPolicy | undefined;
}

export interface AccessRequest extends AccessQuestion {
  readonly principal: RequestPrincipal;
  /** The account that owns the resource. */
  readonly resourceAccountId: string;
  /**
   * Keys and roles can only be reached through their own policy: nobody, not even the owner's root, passes one that
   * does not name them or their account. Elsewhere ("optional") a resource policy adds to identity policies.
   */
  readonly resourcePolicyRule: 'optional' | 'required';
}

interface Grant {
  readonly match: PrincipalMatch;
  readonly by: DecidingStatement;
}

/**
 * Decides one request (IAM-12, IAM-19): an explicit deny anywhere wins; then service control policies, the resource
 * policy, identity policies, boundary and session policies must let it through, by the rules for requests within an
 * account and across accounts. Pure: all facts come in the arguments.
 */
export function evaluatePolicies(request: AccessRequest, policies: ApplicablePolicies): Decision {
  const denied = findDeny(request, policies);
  if (denied !== undefined) return { outcome: 'explicit-deny', by: denied };
  for (const level of policies.serviceControl ?? []) {
    if (findAllow(level, 'service control policy', request) === undefined) return missing('service control policy');
  }
  const grant = findGrant(request, policies.resource);
  const owner = principalAccount(request.principal);
  if (owner === undefined) return grant === undefined ? missing('resource-based policy') : allowed(grant.by);
  const isForeign = owner !== request.resourceAccountId;
  if ((isForeign || request.resourcePolicyRule === 'required') && grant === undefined) {
    return missing('resource-based policy');
  }
  if (grant?.match === 'itself' && !isForeign) return allowed(grant.by);
  const isGranted = grant !== undefined && grant.match !== 'account' && !isForeign;
  return decideWithin(request, policies, isGranted ? grant.by : undefined);
}

/** The principal's own side: identity policies (unless the resource policy already allows), boundary, session. */
function decideWithin(
  request: AccessRequest,
  policies: ApplicablePolicies,
  grantedBy: DecidingStatement | undefined,
): Decision {
  if (request.principal.type === 'root') return { outcome: 'allowed', by: grantedBy ?? 'account root' };
  const by = grantedBy ?? findAllow(policies.identity, 'identity-based policy', request);
  if (by === undefined) return missing('identity-based policy');
  const { boundary, session } = policies;
  if (boundary !== undefined && findAllow([boundary], 'permissions boundary', request) === undefined) {
    return missing('permissions boundary');
  }
  if (session !== undefined && findAllow(session, 'session policy', request) === undefined) {
    return missing('session policy');
  }
  return allowed(by);
}

function findDeny(request: AccessRequest, policies: ApplicablePolicies): DecidingStatement | undefined {
  const layers: readonly (readonly [PolicyLayer, readonly NamedPolicy[]])[] = [
    ['service control policy', (policies.serviceControl ?? []).flat()],
    ['resource-based policy', policies.resource === undefined ? [] : [policies.resource]],
    ['identity-based policy', policies.identity],
    ['permissions boundary', policies.boundary === undefined ? [] : [policies.boundary]],
    ['session policy', policies.session ?? []],
  ];
  for (const [layer, named] of layers) {
    const found = findStatement(named, layer, 'Deny', request);
    if (found !== undefined) return found;
  }
  return undefined;
}

function findAllow(
  policies: readonly NamedPolicy[],
  layer: PolicyLayer,
  request: AccessRequest,
): DecidingStatement | undefined {
  return findStatement(policies, layer, 'Allow', request);
}

function findStatement(
  policies: readonly NamedPolicy[],
  layer: PolicyLayer,
  effect: 'Allow' | 'Deny',
  request: AccessRequest,
): DecidingStatement | undefined {
  for (const { name, document } of policies) {
    for (const [index, statement] of document.statements.entries()) {
      if (statement.effect !== effect) continue;
      if (statement.principals !== undefined && matchPrincipal(statement.principals, request.principal) === undefined)
        continue;
      if (matchesStatement(document, statement, request)) return { layer, policy: name, sid: statement.sid, index };
    }
  }
  return undefined;
}

/** The closest allowance of the resource policy for this principal. */
function findGrant(request: AccessRequest, policy: NamedPolicy | undefined): Grant | undefined {
  let account: Grant | undefined;
  let anyone: Grant | undefined;
  for (const [index, statement] of policy?.document.statements.entries() ?? []) {
    if (policy === undefined || statement.effect !== 'Allow' || statement.principals === undefined) continue;
    const match = matchPrincipal(statement.principals, request.principal);
    if (match === undefined || !matchesStatement(policy.document, statement, request)) continue;
    const by = { layer: 'resource-based policy', policy: policy.name, sid: statement.sid, index } as const;
    if (match === 'itself') return { match, by };
    if (match === 'account') account ??= { match, by };
    else anyone ??= { match, by };
  }
  return anyone ?? account;
}

function allowed(by: DecidingStatement): Decision {
  return { outcome: 'allowed', by };
}

function missing(layer: PolicyLayer): Decision {
  return { outcome: 'implicit-deny', missing: layer };
}
