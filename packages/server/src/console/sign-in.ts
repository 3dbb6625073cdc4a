/** Who somebody is, by password or access key. Failures are slowed down, and tell nothing about what exists. */
import { timingSafeEqual } from 'node:crypto';
import { type AccessKeyRecord, type AccountRecord, GLOBAL_SCOPE, nameKey, type UserRecord } from '@holdfast/neighbours';
import { hashPassword, isPassword, type SessionSubject } from '@holdfast/neighbours/sign-in';
import { ConsoleError } from './console-answer.ts';
import type { ConsolePorts } from './console-ports.ts';
import { FailureLimit } from './failure-limit.ts';

export interface SignedIn {
  readonly accountId: string;
  readonly subject: SessionSubject;
}

export interface PasswordSignIn {
  /** Account ID or alias. */
  readonly account: string;
  readonly userName: string;
  readonly password: string;
  /** Replaces a password that must be changed. */
  readonly newPassword?: string | undefined;
}

const PER_NAME = { freeFailures: 5, firstPauseMs: 15_000, longestPauseMs: 15 * 60_000 };
const PER_ADDRESS = { freeFailures: 20, firstPauseMs: 15_000, longestPauseMs: 15 * 60_000 };
const [SHORTEST_PASSWORD, LONGEST_PASSWORD] = [12, 128];

export class SignIn {
  readonly #ports: ConsolePorts;
  readonly #byName = new FailureLimit(PER_NAME);
  readonly #byAddress = new FailureLimit(PER_ADDRESS);
  #decoyHash: Promise<string> | undefined;

  constructor(ports: ConsolePorts) {
    this.#ports = ports;
  }

  /** @throws ConsoleError */
  async withPassword(request: PasswordSignIn, address: string): Promise<SignedIn> {
    const account = await this.#findAccount(request.account);
    const name = `password ${account?.accountId} ${nameKey(request.userName)} ${address}`;
    return await this.#attempt(name, address, async () => {
      const user = account && (await this.#ports.identity.users.get(account.accountId, nameKey(request.userName)));
      const isRight = await isPassword(request.password, user?.password?.hash ?? (await this.#decoy()));
      if (user?.password === undefined || !isRight) return undefined;
      await this.#used(user, request.newPassword);
      return {
        accountId: user.accountId,
        subject: { type: 'user', userName: user.userName, userId: user.userId, isSignedIn: true },
      };
    });
  }

  /** @throws ConsoleError */
  async withAccessKey(accessKeyId: string, secretAccessKey: string, address: string): Promise<SignedIn> {
    return await this.#attempt(`key ${accessKeyId} ${address}`, address, async () => {
      const key = await this.#ports.identity.accessKeys.get(GLOBAL_SCOPE, accessKeyId);
      if (key === undefined || key.status !== 'Active') return undefined;
      const secret = this.#ports.box.openText(key.sealedSecret, accessKeyId);
      return isSame(secret, secretAccessKey) ? await this.#ownerOf(key) : undefined;
    });
  }

  async #attempt(name: string, address: string, look: () => Promise<SignedIn | undefined>): Promise<SignedIn> {
    const now = this.#ports.clock.now();
    const waitMs = Math.max(this.#byName.waitMs(name, now), this.#byAddress.waitMs(address, now));
    if (waitMs > 0) {
      const seconds = Math.ceil(waitMs / 1000);
      throw new ConsoleError(429, 'TooManyFailures', `Too many failed attempts. Try again in ${seconds} s.`, seconds);
    }
    // Counted before the answer is known, so that attempts side by side do not all pass the check above.
    this.#byName.failed(name, now);
    this.#byAddress.failed(address, now);
    const found = await look();
    if (found === undefined) {
      this.#ports.log.warn({ address }, 'a sign-in to the console failed');
      throw new ConsoleError(401, 'WrongCredentials', 'These credentials are not right.');
    }
    this.#byName.succeeded(name);
    this.#byAddress.succeeded(address);
    return found;
  }

  async #ownerOf(key: AccessKeyRecord): Promise<SignedIn | undefined> {
    const { accountId, userName } = key;
    if (userName === undefined) return { accountId, subject: { type: 'root' } };
    const user = await this.#ports.identity.users.get(accountId, nameKey(userName));
    return (
      user && { accountId, subject: { type: 'user', userName: user.userName, userId: user.userId, isSignedIn: true } }
    );
  }

  async #findAccount(idOrAlias: string): Promise<AccountRecord | undefined> {
    const { accounts } = this.#ports.identity;
    if (/^\d{12}$/.test(idOrAlias)) return await accounts.get(GLOBAL_SCOPE, idOrAlias);
    let afterKey: string | undefined;
    do {
      const page = await accounts.list(GLOBAL_SCOPE, { limit: 200, afterKey });
      const found = page.items.find(({ alias }) => alias === idOrAlias);
      if (found !== undefined) return found;
      afterKey = page.nextKey;
    } while (afterKey !== undefined);
    return undefined;
  }

  /** A right password: changed if it must be, and its use noted. @throws ConsoleError */
  async #used(user: UserRecord, newPassword: string | undefined): Promise<void> {
    const { identity, random, clock } = this.#ports;
    const now = clock.now();
    const isChanging = user.password?.isResetRequired === true;
    if (isChanging && newPassword === undefined) {
      throw new ConsoleError(409, 'PasswordResetRequired', 'The password must be changed first.');
    }
    if (isChanging) checkPassword(newPassword ?? '');
    const hash = isChanging ? await hashPassword(newPassword ?? '', random) : undefined;
    await identity.transaction(async () => {
      const current = await identity.users.get(user.accountId, nameKey(user.userName));
      if (current?.userId !== user.userId) return;
      const password = hash === undefined ? current.password : { hash, createdAt: now, isResetRequired: false };
      await identity.users.put(user.accountId, nameKey(user.userName), {
        ...current,
        password,
        passwordLastUsedAt: now,
      });
    });
  }

  #decoy(): Promise<string> {
    this.#decoyHash ??= hashPassword('a password that nobody has', this.#ports.random);
    return this.#decoyHash;
  }
}

function checkPassword(password: string): void {
  if (password.length >= SHORTEST_PASSWORD && password.length <= LONGEST_PASSWORD) return;
  const message = `A password has ${SHORTEST_PASSWORD} to ${LONGEST_PASSWORD} characters.`;
  throw new ConsoleError(400, 'PasswordPolicy', message);
}

function isSame(secret: string, given: string): boolean {
  const [a, b] = [Buffer.from(secret), Buffer.from(given)];
  return a.length === b.length && timingSafeEqual(a, b);
}
