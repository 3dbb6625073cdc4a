import type { Principal } from '@holdfast/wire';
import { currentDocument, findManagedPolicy } from '../identity/find-policy.ts';
import { parseIdentityArn, sessionArn } from '../identity/identity-arn.ts';
import type { PolicyHolder, RoleRecord, TagMap, UserRecord } from '../identity/identity-records.ts';
import { type IdentityStore, nameKey } from '../identity/identity-store.ts';
import { ConditionContext } from '../policy/condition-context.ts';
import type { ApplicablePolicies, NamedPolicy } from '../policy/evaluate-policies.ts';
import type { PolicyCache } from '../policy/policy-cache.ts';
import type { RequestPrincipal } from '../policy/request-principal.ts';

/** A principal with everything that policies need to know of it. */
export interface PrincipalAccess {
  readonly principal: RequestPrincipal;
  /** Identity policies, boundary and session policies; the organisation's are added elsewhere. */
  readonly policies: Pick<ApplicablePolicies, 'identity' | 'boundary' | 'session'>;
  /** `aws:PrincipalArn` and the other keys that tell who asks. */
  readonly conditions: ConditionContext;
}

/** The name of the sessions in which the service acts with a role. */
const SERVICE_SESSION = 'AWSBackup';

/** Policies of a user or role, without those of a session. */
export type HolderPolicies = Omit<PrincipalAccess['policies'], 'session'>;

/** Gathers a principal's policies from the identity store. A user or role that is gone has none. */
export class PrincipalAccessLoader {
  readonly #store: IdentityStore;
  readonly #cache: PolicyCache;

  constructor(store: IdentityStore, cache: PolicyCache) {
    this.#store = store;
    this.#cache = cache;
  }

  /** For the principal of a signed request. */
  async load(principal: Principal): Promise<PrincipalAccess> {
    const asked = requestPrincipal(principal);
    const conditions = conditionsOf(principal, asked);
    if (asked.type === 'root' || asked.type === 'service')
      return { principal: asked, policies: { identity: [] }, conditions };
    const holder =
      asked.type === 'user' ? await this.#user(asked.accountId, asked.userName) : await this.#role(asked.roleArn);
    const session = principal.sessionPolicies?.map((text, index) => this.#named(`session policy ${index + 1}`, text));
    return { principal: asked, policies: { ...(await this.#policiesOf(holder)), session }, conditions };
  }

  /** For a role that acts without a session, as when the service checks what a job's role may do. */
  async loadRole(role: RoleRecord, roleArn: string): Promise<PrincipalAccess> {
    const principal: RequestPrincipal = {
      type: 'assumed-role',
      accountId: role.accountId,
      arn: sessionArn(role.accountId, role.roleName, SERVICE_SESSION),
      roleArn,
      sessionName: SERVICE_SESSION,
    };
    const conditions = new ConditionContext({
      'aws:PrincipalArn': roleArn,
      'aws:PrincipalAccount': role.accountId,
      'aws:PrincipalType': 'AssumedRole',
      'aws:userid': `${role.roleId}:${SERVICE_SESSION}`,
      ...principalTags(role.tags),
    });
    return { principal, policies: await this.#policiesOf(role), conditions };
  }

  async #user(accountId: string, userName: string): Promise<UserRecord | undefined> {
    return await this.#store.users.get(accountId, nameKey(userName));
  }

  async #role(roleArn: string): Promise<RoleRecord | undefined> {
    const name = parseIdentityArn(roleArn);
    return name === undefined ? undefined : await this.#store.roles.get(name.accountId, nameKey(name.name));
  }

  async #policiesOf(holder: UserRecord | RoleRecord | undefined): Promise<HolderPolicies> {
    return holder === undefined ? { identity: [] } : await this.policiesOf(holder);
  }

  /** What hangs on a user (groups included) or a role, and the boundary. */
  async policiesOf(holder: UserRecord | RoleRecord): Promise<HolderPolicies> {
    const holders: PolicyHolder[] = [holder];
    for (const groupName of 'groupNames' in holder ? holder.groupNames : []) {
      const group = await this.#store.groups.get(holder.accountId, nameKey(groupName));
      if (group !== undefined) holders.push(group);
    }
    const identity = (await Promise.all(holders.map((one) => this.#attachedTo(one)))).flat();
    const boundaryArn = holder.permissionsBoundaryArn;
    if (boundaryArn === undefined) return { identity };
    // A boundary whose policy is gone allows nothing: the limit must not vanish with its text.
    const boundary = (await this.#managed(boundaryArn)) ?? { name: boundaryArn, document: NOTHING };
    return { identity, boundary };
  }

  async #attachedTo(holder: PolicyHolder): Promise<NamedPolicy[]> {
    const inline = Object.entries(holder.inlinePolicies).map(([name, text]) => this.#named(name, text));
    const managed = await Promise.all(holder.attachedPolicyArns.map((arn) => this.#managed(arn)));
    return [...inline, ...managed.filter((policy) => policy !== undefined)];
  }

  async #managed(arn: string): Promise<NamedPolicy | undefined> {
    const policy = await findManagedPolicy(this.#store, arn);
    return policy === undefined ? undefined : this.#named(arn, currentDocument(policy));
  }

  #named(name: string, text: string): NamedPolicy {
    return { name, document: this.#cache.parse(text, 'identity') };
  }
}

const NOTHING: NamedPolicy['document'] = { version: '2012-10-17', id: undefined, statements: [] };

/** The principal of the wire in the words of the policy evaluator. */
export function requestPrincipal(principal: Principal): RequestPrincipal {
  const { type, accountId, arn } = principal;
  if (type === 'Root') return { type: 'root', accountId, arn };
  if (type === 'IAMUser') return { type: 'user', accountId, arn, userName: parseIdentityArn(arn)?.name ?? '' };
  if (type === 'AssumedRole' && principal.roleArn !== undefined) {
    const { roleArn, sessionName = '' } = principal;
    return { type: 'assumed-role', accountId, arn, roleArn, sessionName };
  }
  throw new Error(`Holdfast makes no credentials of the kind ${type}.`);
}

const PRINCIPAL_TYPES = { root: 'Account', user: 'User', 'assumed-role': 'AssumedRole', service: 'Service' } as const;

function conditionsOf(principal: Principal, asked: RequestPrincipal): ConditionContext {
  return new ConditionContext({
    'aws:PrincipalArn': asked.type === 'assumed-role' ? asked.roleArn : principal.arn,
    'aws:PrincipalAccount': principal.accountId,
    'aws:PrincipalType': PRINCIPAL_TYPES[asked.type],
    'aws:PrincipalIsAWSService': false,
    'aws:userid': principal.userId,
    'aws:username': asked.type === 'user' ? asked.userName : undefined,
    ...principalTags(principal.tags ?? {}),
  });
}

function principalTags(tags: TagMap): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:PrincipalTag/${key}`, value]));
}
