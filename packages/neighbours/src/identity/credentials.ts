import type { Credential, CredentialsPort, Principal } from '@holdfast/wire';
import { GLOBAL_SCOPE } from '../records/record-collection.ts';
import type { SecretBox } from '../secrets/secret-box.ts';
import { ID_PREFIX } from './entity-id.ts';
import { currentDocument, findManagedPolicy } from './find-policy.ts';
import { identityArn, rootArn, sessionArn } from './identity-arn.ts';
import { type IdentityStore, nameKey } from './identity-store.ts';
import type { SessionRecord, SessionStore } from './session-store.ts';

/** Looks access keys up for the signature check: long-term keys of users and roots, and sessions (IAM-91). */
export class IdentityCredentials implements CredentialsPort {
  readonly #store: IdentityStore;
  readonly #sessions: SessionStore;
  readonly #box: SecretBox;

  constructor(store: IdentityStore, sessions: SessionStore, box: SecretBox) {
    this.#store = store;
    this.#sessions = sessions;
    this.#box = box;
  }

  /** Undefined for keys that do not exist or are inactive, and for those whose user or role is gone. */
  async lookup(accessKeyId: string): Promise<Credential | undefined> {
    return accessKeyId.startsWith(ID_PREFIX.temporaryAccessKey)
      ? await this.#session(accessKeyId)
      : await this.#longTerm(accessKeyId);
  }

  async #longTerm(accessKeyId: string): Promise<Credential | undefined> {
    const key = await this.#store.accessKeys.get(GLOBAL_SCOPE, accessKeyId);
    if (key === undefined || key.status !== 'Active') return undefined;
    const principal =
      key.userName === undefined ? rootPrincipal(key.accountId) : await this.#user(key.accountId, key.userName);
    if (principal === undefined) return undefined;
    return { secretAccessKey: this.#box.openText(key.sealedSecret, accessKeyId), principal };
  }

  async #session(accessKeyId: string): Promise<Credential | undefined> {
    const session = await this.#sessions.get(GLOBAL_SCOPE, accessKeyId);
    const principal = session === undefined ? undefined : await this.#subject(session);
    if (session === undefined || principal === undefined) return undefined;
    return {
      secretAccessKey: this.#box.openText(session.sealedSecret, accessKeyId),
      sessionToken: this.#box.openText(session.sealedToken, accessKeyId),
      expiresAt: session.expiresAt,
      principal,
    };
  }

  async #subject({ accountId, subject }: SessionRecord): Promise<Principal | undefined> {
    if (subject.type === 'root') return rootPrincipal(accountId);
    if (subject.type === 'user') {
      const principal = await this.#user(accountId, subject.userName);
      if (principal?.userId !== subject.userId) return undefined;
      return subject.isSignedIn === true ? { ...principal, isSignedIn: true } : principal;
    }
    const role = await this.#store.roles.get(accountId, nameKey(subject.roleName));
    if (role === undefined || role.roleId !== subject.roleId) return undefined;
    const policies = await this.#sessionPolicies(subject.sessionPolicies, subject.sessionPolicyArns);
    return {
      type: 'AssumedRole',
      arn: sessionArn(accountId, role.roleName, subject.sessionName),
      accountId,
      userId: `${role.roleId}:${subject.sessionName}`,
      roleArn: identityArn('role', accountId, role.path, role.roleName),
      sessionName: subject.sessionName,
      tags: { ...role.tags, ...subject.sessionTags },
      ...(policies === undefined ? {} : { sessionPolicies: policies }),
    };
  }

  async #sessionPolicies(
    texts: readonly string[] | undefined,
    arns: readonly string[] | undefined,
  ): Promise<readonly string[] | undefined> {
    if (texts === undefined && arns === undefined) return undefined;
    const managed = await Promise.all((arns ?? []).map((arn) => findManagedPolicy(this.#store, arn)));
    return [...(texts ?? []), ...managed.filter((policy) => policy !== undefined).map(currentDocument)];
  }

  async #user(accountId: string, userName: string): Promise<Principal | undefined> {
    const user = await this.#store.users.get(accountId, nameKey(userName));
    if (user === undefined) return undefined;
    const arn = identityArn('user', accountId, user.path, user.userName);
    return { type: 'IAMUser', arn, accountId, userId: user.userId, tags: user.tags };
  }
}

function rootPrincipal(accountId: string): Principal {
  return { type: 'Root', arn: rootArn(accountId), accountId, userId: accountId };
}
