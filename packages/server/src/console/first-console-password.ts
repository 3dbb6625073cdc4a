/** The administrator's first password for the console, made at the first start and written to a file of its owner. */
import { existsSync } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type IdentityStore, nameKey, type RandomBytes } from '@holdfast/neighbours';
import { hashPassword } from '@holdfast/neighbours/sign-in';

export interface FirstPasswordPorts {
  readonly store: IdentityStore;
  readonly random: RandomBytes;
}

export interface FirstPasswordRequest {
  readonly dataDirectory: string;
  readonly accountId: string;
  readonly userName: string;
  /** ms since the epoch. */
  readonly now: number;
}

/** Easy to read aloud and to type: no letters or digits that look alike. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';
const LENGTH = 20;

/** Where the first password is written. */
export function consolePasswordFile(dataDirectory: string): string {
  return join(dataDirectory, 'console-password');
}

/**
 * Gives a user without a password one, and writes it to `<data>/console-password`. Returns the file's path when the user
 * has got a password now. Call it for the administrator at the first start only: whoever took the password away later
 * meant it.
 */
export async function ensureFirstConsolePassword(
  { store, random }: FirstPasswordPorts,
  { dataDirectory, accountId, userName, now }: FirstPasswordRequest,
): Promise<string | undefined> {
  const file = consolePasswordFile(dataDirectory);
  const user = await store.users.get(accountId, nameKey(userName));
  if (user === undefined || user.password !== undefined) return undefined;
  // The file first: a password that nobody knows would lock the administrator out. A start that was cut off between
  // the two is finished by the next one, with the password that the file holds.
  const hash = await hashPassword(await readOrWrite(file, newPassword(random)), random);
  await store.transaction(async () => {
    const current = await store.users.get(accountId, nameKey(userName));
    if (current === undefined) return;
    const withPassword = { ...current, password: { hash, createdAt: now, isResetRequired: false } };
    await store.users.put(accountId, nameKey(userName), withPassword);
  });
  return file;
}

async function readOrWrite(file: string, password: string): Promise<string> {
  if (existsSync(file)) return (await readFile(file, 'utf8')).trim();
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(`${password}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return password;
}

function newPassword(random: RandomBytes): string {
  let text = '';
  while (text.length < LENGTH) {
    // Bytes beyond the last full round of the alphabet would favour its first letters.
    for (const byte of random(LENGTH * 2)) {
      if (byte < 256 - (256 % ALPHABET.length) && text.length < LENGTH) text += ALPHABET[byte % ALPHABET.length];
    }
  }
  return text;
}
