import type { ContextEntry, EvaluationResult } from '@aws-sdk/client-iam';
import { type Handlers, ServiceError } from '@holdfast/wire';
import { type HolderPolicies, PrincipalAccessLoader } from '../authorization/principal-access.ts';
import { identityArn, parseIdentityArn, sessionArn } from '../identity/identity-arn.ts';
import { accountOfArn } from '../policy/arn.ts';
import { ConditionContext } from '../policy/condition-context.ts';
import type { Decision } from '../policy/decision.ts';
import { evaluatePolicies, type NamedPolicy } from '../policy/evaluate-policies.ts';
import { parsePolicy } from '../policy/parse-policy.ts';
import { PolicyCache } from '../policy/policy-cache.ts';
import { MalformedPolicyError, type PolicyKind } from '../policy/policy-document.ts';
import type { RequestPrincipal } from '../policy/request-principal.ts';
import { findRole, findUser } from './find-identity.ts';
import { invalidInput } from './iam-errors.ts';
import type { IamOperations } from './iam-operations.ts';
import { pageEnd, pageOfList } from './iam-page.ts';
import type { IamPorts } from './iam-ports.ts';

interface SimulationInput {
  readonly ActionNames: readonly string[];
  readonly ResourceArns?: readonly string[] | undefined;
  readonly PolicyInputList?: readonly string[] | undefined;
  readonly PermissionsBoundaryPolicyInputList?: readonly string[] | undefined;
  readonly ResourcePolicy?: string | undefined;
  readonly ResourceOwner?: string | undefined;
  readonly ContextEntries?: readonly ContextEntry[] | undefined;
  readonly MaxItems?: number | undefined;
  readonly Marker?: string | undefined;
}

const DECISIONS = { allowed: 'allowed', 'explicit-deny': 'explicitDeny', 'implicit-deny': 'implicitDeny' } as const;

/** "May they, and why not?": the evaluator of real requests, asked without a request. */
export function simulationHandlers({ store }: IamPorts) {
  const loader = new PrincipalAccessLoader(store, new PolicyCache());
  return {
    SimulatePrincipalPolicy: async (input, context) => {
      const name = parseIdentityArn(input.PolicySourceArn);
      if (name?.accountId !== context.accountId || (name.kind !== 'user' && name.kind !== 'role')) {
        throw invalidInput(`${input.PolicySourceArn} is no user or role of this account.`);
      }
      const { accountId } = context;
      if (name.kind === 'user') {
        const user = await findUser(store, accountId, name.name);
        const arn = identityArn('user', accountId, user.path, user.userName);
        const principal: RequestPrincipal = { type: 'user', accountId, arn, userName: user.userName };
        return simulate(input, principal, await loader.policiesOf(user));
      }
      const role = await findRole(store, accountId, name.name);
      const roleArn = identityArn('role', accountId, role.path, role.roleName);
      const arn = sessionArn(accountId, role.roleName, 'simulation');
      const principal: RequestPrincipal = { type: 'assumed-role', accountId, arn, roleArn, sessionName: 'simulation' };
      return simulate(input, principal, await loader.policiesOf(role));
    },

    SimulateCustomPolicy: async (input, context) => {
      const { accountId } = context;
      const arn = input.CallerArn ?? identityArn('user', accountId, '/', 'simulation');
      const principal: RequestPrincipal = { type: 'user', accountId, arn, userName: arn.split('/').at(-1) ?? '' };
      return simulate(input, principal, { identity: [] });
    },
  } satisfies Handlers<IamOperations>;
}

function simulate(
  input: SimulationInput,
  principal: Exclude<RequestPrincipal, { type: 'service' }>,
  held: HolderPolicies,
) {
  const given = (texts: readonly string[] | undefined, name: string): NamedPolicy[] =>
    (texts ?? []).map((text, index) => ({ name: `${name}.${index + 1}`, document: parse(text, 'identity') }));
  const [boundary = held.boundary] = given(
    input.PermissionsBoundaryPolicyInputList,
    'PermissionsBoundaryPolicyInputList',
  );
  const policies = {
    identity: [...held.identity, ...given(input.PolicyInputList, 'PolicyInputList')],
    boundary,
    resource:
      input.ResourcePolicy === undefined
        ? undefined
        : { name: 'ResourcePolicy', document: parse(input.ResourcePolicy, 'resource') },
  };
  const conditions = contextOf(input.ContextEntries ?? []);
  const everything = [...policies.identity, ...[boundary, policies.resource].filter((policy) => policy !== undefined)];
  const missing = missingKeys(everything, conditions);
  const questions = input.ActionNames.flatMap((action) =>
    (input.ResourceArns ?? ['*']).map((resource) => JSON.stringify([action, resource])),
  );
  const page = pageOfList([...new Set(questions)], input);
  const EvaluationResults = page.items.map((question) => {
    const [action = '', resource = ''] = JSON.parse(question) as string[];
    const owner = input.ResourceOwner ?? accountOfArn(resource, principal.accountId);
    const decision = evaluatePolicies(
      {
        principal,
        action,
        resource,
        context: conditions,
        resourceAccountId: accountOfArn(owner, owner),
        resourcePolicyRule: 'optional',
      },
      policies,
    );
    return describe(action, resource, decision, missing, boundary !== undefined);
  });
  return { EvaluationResults, ...pageEnd(page) };
}

function describe(
  action: string,
  resource: string,
  decision: Decision,
  missing: readonly string[],
  hasBoundary: boolean,
): EvaluationResult {
  const by = decision.outcome === 'implicit-deny' || decision.by === 'account root' ? undefined : decision.by;
  const isBoundary = decision.outcome === 'implicit-deny' && decision.missing === 'permissions boundary';
  return {
    EvalActionName: action,
    EvalResourceName: resource,
    EvalDecision: DECISIONS[decision.outcome],
    MatchedStatements:
      by === undefined
        ? []
        : [{ SourcePolicyId: by.policy, SourcePolicyType: by.layer === 'resource-based policy' ? 'resource' : 'none' }],
    MissingContextValues: [...missing],
    ...(hasBoundary ? { PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: !isBoundary } } : {}),
  };
}

function contextOf(entries: readonly ContextEntry[]): ConditionContext {
  const context = new ConditionContext();
  for (const { ContextKeyName, ContextKeyValues } of entries) {
    if (ContextKeyName !== undefined) context.set(ContextKeyName, ContextKeyValues ?? []);
  }
  return context;
}

/** Keys that conditions look at and the question does not give: without them the answer may be another one. */
function missingKeys(policies: readonly NamedPolicy[], context: ConditionContext): readonly string[] {
  const keys = policies.flatMap(({ document }) =>
    document.statements.flatMap(({ conditions }) => conditions.map(({ key }) => key)),
  );
  return [...new Set(keys)].filter((key) => context.values(key) === undefined).sort();
}

function parse(text: string, kind: PolicyKind): NamedPolicy['document'] {
  try {
    return parsePolicy(text, kind);
  } catch (error) {
    if (!(error instanceof MalformedPolicyError)) throw error;
    throw new ServiceError('InvalidInputException', error.message, { cause: error });
  }
}
