import { accessDenied, type HandlerOf, type RequestContext, ServiceError } from '@holdfast/wire';
import type { sts } from '@holdfast/wire/sts';
import { requestTagConditions, resourceTagConditions } from '../authorization/tag-conditions.ts';
import { findManagedPolicy } from '../identity/find-policy.ts';
import { parseIdentityArn, sessionArn } from '../identity/identity-arn.ts';
import type { RoleRecord, TagMap } from '../identity/identity-records.ts';
import { nameKey } from '../identity/identity-store.ts';
import { issueSession } from '../identity/issue-session.ts';
import { ConditionContext } from '../policy/condition-context.ts';
import { parsePolicy } from '../policy/parse-policy.ts';
import { MalformedPolicyError } from '../policy/policy-document.ts';
import { GLOBAL_SCOPE } from '../records/record-collection.ts';
import { describeSession } from './describe-session.ts';
import type { StsPorts } from './sts-ports.ts';

type AssumeRole = HandlerOf<typeof sts, 'AssumeRole'>;
type AssumeRoleInput = Parameters<AssumeRole>[0];

const LONGEST_SESSION_POLICIES = 2048;
const LONGEST_CHAINED_SECONDS = 3600;

/** `AssumeRole`: the trust policy and the caller's own policies must both agree (IAM-11, IAM-33). */
export function assumeRole(ports: StsPorts): AssumeRole {
  const { store, authorizer } = ports;
  return async (input, context) => {
    const name = parseIdentityArn(input.RoleArn);
    if (name?.kind !== 'role') throw validationError(`${input.RoleArn} is invalid`);
    if (context.principal.type === 'Root')
      throw refusal(context, input.RoleArn, 'Roles may not be assumed by root accounts.');
    const role = await store.roles.get(name.accountId, nameKey(name.name));
    // A role that does not exist is refused as one that says no, so that nobody can search for roles.
    if (role === undefined || role.path !== name.path || role.serviceLinkedTo !== undefined) {
      throw accessDenied({ context, action: 'sts:AssumeRole', input: {} }, input.RoleArn, '');
    }
    const session = await sessionTags(ports, input, context);
    await checkTrust(authorizer, role, input, context, session);
    await checkSessionPolicies(ports, input);
    const issued = await issueSession(
      ports,
      role.accountId,
      {
        type: 'role',
        roleName: role.roleName,
        roleId: role.roleId,
        sessionName: input.RoleSessionName,
        sessionPolicies: input.Policy === undefined ? undefined : [input.Policy],
        sessionPolicyArns: policyArns(input).length === 0 ? undefined : policyArns(input),
        sessionTags: session.tags,
        transitiveTagKeys: session.transitiveKeys,
      },
      context.now,
      durationSeconds(input, role, context),
    );
    await store.transaction(async () => {
      const current = await store.roles.get(role.accountId, nameKey(role.roleName));
      const lastUsed = { at: context.now, region: context.region };
      if (current !== undefined)
        await store.roles.put(role.accountId, nameKey(role.roleName), { ...current, lastUsed });
    });
    const packed = (input.Policy ?? '').length + policyArns(input).join('').length;
    return {
      Credentials: describeSession(issued),
      AssumedRoleUser: {
        AssumedRoleId: `${role.roleId}:${input.RoleSessionName}`,
        Arn: sessionArn(role.accountId, role.roleName, input.RoleSessionName),
      },
      ...(packed === 0 ? {} : { PackedPolicySize: Math.ceil((packed * 100) / LONGEST_SESSION_POLICIES) }),
      ...(input.SourceIdentity === undefined ? {} : { SourceIdentity: input.SourceIdentity }),
    };
  };
}

interface SessionTags {
  readonly tags: TagMap;
  readonly transitiveKeys: readonly string[];
}

/** Tags given with the request, and those of the caller's session that travel along a chain of roles. */
async function sessionTags(ports: StsPorts, input: AssumeRoleInput, context: RequestContext): Promise<SessionTags> {
  const given = Object.fromEntries((input.Tags ?? []).map(({ Key, Value }) => [Key, Value]));
  if (Object.keys(given).length > 50) throw validationError('A session has at most 50 tags.');
  const previous = context.isTemporary ? await ports.sessions.get(GLOBAL_SCOPE, context.accessKeyId) : undefined;
  const inherited = previous?.subject.type === 'role' ? previous.subject : undefined;
  const inheritedKeys = inherited?.transitiveTagKeys ?? [];
  const clash = inheritedKeys.find((key) => key in given);
  if (clash !== undefined)
    throw validationError(
      `One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session: ${clash}`,
    );
  const kept = Object.entries(inherited?.sessionTags ?? {}).filter(([key]) => inheritedKeys.includes(key));
  return {
    tags: { ...Object.fromEntries(kept), ...given },
    transitiveKeys: [...inheritedKeys, ...(input.TransitiveTagKeys ?? [])],
  };
}

async function checkTrust(
  authorizer: StsPorts['authorizer'],
  role: RoleRecord,
  input: AssumeRoleInput,
  context: RequestContext,
  session: SessionTags,
): Promise<void> {
  const conditions = new ConditionContext({
    'sts:ExternalId': input.ExternalId,
    'sts:RoleSessionName': input.RoleSessionName,
    'sts:SourceIdentity': input.SourceIdentity,
    'sts:TransitiveTagKeys': input.TransitiveTagKeys,
  })
    .with(resourceTagConditions(role.tags))
    .with(requestTagConditions(session.tags));
  const actions = ['sts:AssumeRole'];
  if (Object.keys(session.tags).length > 0) actions.push('sts:TagSession');
  if (input.SourceIdentity !== undefined) actions.push('sts:SetSourceIdentity');
  for (const action of actions) {
    await authorizer.check(context, {
      action,
      resource: input.RoleArn,
      resourceAccountId: role.accountId,
      resourcePolicy: { name: `trust policy of ${role.roleName}`, text: role.trustPolicy, kind: 'trust' },
      resourcePolicyRule: 'required',
      conditions,
    });
  }
}

async function checkSessionPolicies({ store }: StsPorts, input: AssumeRoleInput): Promise<void> {
  const arns = policyArns(input);
  if (arns.length > 10) throw validationError('At most 10 managed policies can be given with a session.');
  for (const arn of arns) {
    if ((await findManagedPolicy(store, arn)) === undefined) throw validationError(`The policy ${arn} does not exist.`);
  }
  const { Policy } = input;
  if (Policy === undefined) return;
  if (Policy.length + arns.join('').length > LONGEST_SESSION_POLICIES) {
    throw new ServiceError(
      'PackedPolicyTooLargeException',
      `Session policies have at most ${LONGEST_SESSION_POLICIES} characters together.`,
    );
  }
  try {
    parsePolicy(Policy, 'identity');
  } catch (error) {
    if (!(error instanceof MalformedPolicyError)) throw error;
    throw new ServiceError('MalformedPolicyDocumentException', error.message, { cause: error });
  }
}

function policyArns(input: AssumeRoleInput): readonly string[] {
  return (input.PolicyArns ?? []).flatMap(({ arn }) => (arn === undefined ? [] : [arn]));
}

function durationSeconds(input: AssumeRoleInput, role: RoleRecord, context: RequestContext): number {
  const seconds = input.DurationSeconds ?? 3600;
  if (seconds < 900 || seconds > 43_200) {
    throw validationError(
      `Value '${seconds}' at 'durationSeconds' failed to satisfy constraint: must be between 900 and 43200`,
    );
  }
  if (context.principal.type === 'AssumedRole' && seconds > LONGEST_CHAINED_SECONDS) {
    throw validationError(
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
    );
  }
  if (seconds > role.maxSessionDurationSeconds) {
    throw validationError('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');
  }
  return seconds;
}

function refusal(context: RequestContext, resource: string, reason: string): ServiceError {
  return accessDenied({ context, action: 'sts:AssumeRole', input: {} }, resource, `because ${reason}`);
}

function validationError(message: string): ServiceError {
  return new ServiceError('ValidationError', message);
}
