import { findManagedPolicy } from '../identity/find-policy.ts';
import { type IdentityKind, identityArn, parseIdentityArn } from '../identity/identity-arn.ts';
import type { TagMap } from '../identity/identity-records.ts';
import { type IdentityStore, nameKey } from '../identity/identity-store.ts';
import { ConditionContext } from '../policy/condition-context.ts';
import { type AccessChecks, textMember, textsMember } from './access-checks.ts';
import { requestTagConditions, resourceTagConditions } from './tag-conditions.ts';

type Input = Readonly<Record<string, unknown>>;

/** Operations that without a user name are about the caller. */
const ABOUT_ONESELF = new Set([
  'GetUser',
  'CreateAccessKey',
  'ListAccessKeys',
  'UpdateAccessKey',
  'DeleteAccessKey',
  'CreateLoginProfile',
  'GetLoginProfile',
  'DeleteLoginProfile',
  'ChangePassword',
]);

interface Subject {
  readonly arn: string;
  readonly tags: TagMap;
}

/** What every operation of iam needs to be allowed: its action on the user, group, role or policy that it names. */
export function iamChecks(store: IdentityStore): AccessChecks {
  return async ({ action, input, context }) => {
    const subject =
      (await namedSubject(store, input, context.accountId)) ??
      (ABOUT_ONESELF.has(context.operation) ? { arn: context.principal.arn, tags: {} } : undefined);
    return [
      {
        action,
        resource: subject?.arn ?? '*',
        resourceAccountId: context.accountId,
        conditions: resourceTagConditions(subject?.tags ?? {})
          .with(requestTagConditions(tagsIn(input), textsMember(input, 'TagKeys')))
          .with(
            new ConditionContext({
              // Set only where a policy is attached to somebody: there it is the limit, not the subject.
              'iam:PolicyARN': /^(Attach|Detach)/.test(context.operation) ? textMember(input, 'PolicyArn') : undefined,
              'iam:PermissionsBoundary': textMember(input, 'PermissionsBoundary'),
              'iam:AWSServiceName': textMember(input, 'AWSServiceName'),
            }),
          ),
      },
    ];
  };
}

async function namedSubject(store: IdentityStore, input: Input, accountId: string): Promise<Subject | undefined> {
  const role = textMember(input, 'RoleName');
  if (role !== undefined) {
    const known = await store.roles.get(accountId, nameKey(role));
    return subject('role', accountId, known?.path ?? newPath(input), role, known?.tags);
  }
  const group = textMember(input, 'GroupName');
  if (group !== undefined) {
    const known = await store.groups.get(accountId, nameKey(group));
    return subject('group', accountId, known?.path ?? newPath(input), group, {});
  }
  const user = textMember(input, 'UserName');
  if (user !== undefined) {
    const known = await store.users.get(accountId, nameKey(user));
    return subject('user', accountId, known?.path ?? newPath(input), user, known?.tags);
  }
  return await policySubject(store, input, accountId);
}

async function policySubject(store: IdentityStore, input: Input, accountId: string): Promise<Subject | undefined> {
  const arn = textMember(input, 'PolicyArn');
  if (arn !== undefined) return { arn, tags: (await findManagedPolicy(store, arn))?.tags ?? {} };
  const name = textMember(input, 'PolicyName');
  return name === undefined ? undefined : subject('policy', accountId, newPath(input), name, {});
}

function subject(kind: IdentityKind, accountId: string, path: string, name: string, tags: TagMap | undefined): Subject {
  return { arn: identityArn(kind, accountId, path, parseIdentityArn(name)?.name ?? name), tags: tags ?? {} };
}

function newPath(input: Input): string {
  return textMember(input, 'Path') ?? '/';
}

function tagsIn(input: Input): TagMap {
  const tags = input['Tags'];
  if (!Array.isArray(tags)) return {};
  return Object.fromEntries(
    tags.map((tag: { readonly Key?: unknown; readonly Value?: unknown }) => [String(tag.Key), String(tag.Value)]),
  );
}
