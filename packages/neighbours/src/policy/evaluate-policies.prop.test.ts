import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fc } from '@holdfast/testkit/properties';
import { ConditionContext } from './condition-context.ts';
import { type ApplicablePolicies, evaluatePolicies, type NamedPolicy } from './evaluate-policies.ts';
import type { PolicyStatement } from './policy-document.ts';
import type { RequestPrincipal } from './request-principal.ts';

const HOME = '111111111111';
const AWAY = '222222222222';
const ACTIONS = ['backup:A', 'backup:B'];
const RESOURCES = ['arn:aws:backup:r:111111111111:x:1', 'arn:aws:backup:r:111111111111:x:2'];
const USER_ARN = `arn:aws:iam::${HOME}:user/u`;
const ROLE_ARN = `arn:aws:iam::${HOME}:role/r`;
const SESSION_ARN = `arn:aws:sts::${HOME}:assumed-role/r/s`;

const PRINCIPALS: readonly RequestPrincipal[] = [
  { type: 'root', accountId: HOME, arn: `arn:aws:iam::${HOME}:root` },
  { type: 'user', accountId: HOME, arn: USER_ARN, userName: 'u' },
  { type: 'assumed-role', accountId: HOME, arn: SESSION_ARN, roleArn: ROLE_ARN, sessionName: 's' },
];

const statement = (withPrincipal: boolean): fc.Arbitrary<PolicyStatement> =>
  fc.record({
    sid: fc.constant(undefined),
    effect: fc.constantFrom<'Allow' | 'Deny'>('Allow', 'Allow', 'Allow', 'Deny'),
    principals: withPrincipal
      ? fc.constantFrom(USER_ARN, ROLE_ARN, SESSION_ARN, HOME, AWAY, '*').map((value) => ({
          negated: false,
          entries: [{ type: 'AWS' as const, value }],
        }))
      : fc.constant(undefined),
    actions: fc.constantFrom('*', ...ACTIONS).map((action) => ({ negated: false, patterns: [action] })),
    resources: fc.constantFrom('*', ...RESOURCES).map((one) => ({ negated: false, patterns: [one] })),
    conditions: fc.constant([]),
  });

const policy = (withPrincipal = false): fc.Arbitrary<NamedPolicy> =>
  fc.array(statement(withPrincipal), { minLength: 1, maxLength: 3 }).map((statements) => ({
    name: 'p',
    document: { version: '2012-10-17' as const, id: undefined, statements },
  }));
const policies = fc.array(policy(), { maxLength: 2 });

/** The rules as sets of truths, with no early end and no reasons: slow and obvious. */
function model(
  who: RequestPrincipal,
  owner: string,
  isRequired: boolean,
  action: string,
  on: string,
  all: ApplicablePolicies,
): boolean {
  if (who.type === 'service') throw new Error('not modelled');
  const hit = (one: PolicyStatement): boolean =>
    ['*', action].includes(one.actions.patterns[0] ?? '') && ['*', on].includes(one.resources?.patterns[0] ?? '');
  const names: string[] =
    who.type === 'assumed-role' ? [who.arn, who.roleArn, who.accountId, '*'] : [who.arn, who.accountId, '*'];
  const named = (one: PolicyStatement): string | undefined => {
    if (one.principals === undefined) return 'implicit';
    const value = one.principals.entries[0]?.value ?? '';
    return names.includes(value) ? value : undefined;
  };
  const speaking = (list: readonly NamedPolicy[], effect: string): string[] =>
    list
      .flatMap((entry) => entry.document.statements)
      .filter((one) => one.effect === effect && hit(one))
      .map(named)
      .filter((name) => name !== undefined);
  const levels = all.serviceControl ?? [];
  const optional = (one: NamedPolicy | undefined): NamedPolicy[] => (one === undefined ? [] : [one]);
  const everything = [
    ...all.identity,
    ...levels.flat(),
    ...optional(all.resource),
    ...optional(all.boundary),
    ...(all.session ?? []),
  ];
  if (speaking(everything, 'Deny').length > 0) return false;
  const allows = (list: readonly NamedPolicy[]): boolean => speaking(list, 'Allow').length > 0;
  const grants = speaking(optional(all.resource), 'Allow');
  const isHome = who.accountId === owner;
  const isDirect = grants.includes(who.arn) || (who.type === 'root' && grants.includes(who.accountId));
  const isGranted = isDirect || grants.includes('*') || (who.type === 'assumed-role' && grants.includes(who.roleArn));
  const identityAllows = who.type === 'root' || allows(all.identity);
  const inBounds =
    who.type === 'root' ||
    ((all.boundary === undefined || allows([all.boundary])) && (all.session === undefined || allows(all.session)));
  const levelsAllow = levels.every(allows);
  if (!levelsAllow) return false;
  if (!isHome) return grants.length > 0 && identityAllows && inBounds;
  if (isRequired && grants.length === 0) return false;
  return isDirect || ((isGranted || identityAllows) && inBounds);
}

test('every combination of policies is decided as the obvious model decides it', () => {
  let allowed = 0;
  fc.assert(
    fc.property(
      fc.constantFrom(...PRINCIPALS),
      fc.constantFrom(HOME, HOME, AWAY),
      fc.boolean(),
      fc.constantFrom(...ACTIONS),
      fc.constantFrom(...RESOURCES),
      fc.record({
        identity: policies,
        boundary: fc.option(policy(), { nil: undefined }),
        session: fc.option(policies, { nil: undefined }),
        serviceControl: fc.array(policies, { maxLength: 2 }),
        resource: fc.option(policy(true), { nil: undefined }),
      }),
      (principal, resourceAccountId, isRequired, action, resource, all) => {
        const decision = evaluatePolicies(
          {
            principal,
            resourceAccountId,
            resourcePolicyRule: isRequired ? 'required' : 'optional',
            action,
            resource,
            context: new ConditionContext(),
          },
          all,
        );
        const expected = model(principal, resourceAccountId, isRequired, action, resource, all);
        if (expected) allowed += 1;
        assert.equal(decision.outcome === 'allowed', expected, JSON.stringify(decision));
      },
    ),
    { numRuns: 5000 },
  );
  assert.ok(allowed > 100, `the cases were too one-sided: ${allowed} allowed`);
});
