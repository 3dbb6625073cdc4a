import { scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import type { RandomBytes } from '../identity/entity-id.ts';

const derive = promisify<string, Uint8Array, number, { N: number; r: number; p: number; maxmem: number }, Buffer>(
  scrypt,
);
const COST = { N: 2 ** 15, r: 8, p: 1 };
const LENGTH_BYTES = 32;

/** Hashes a password with scrypt; the answer names its cost, so that the cost can rise later. */
export async function hashPassword(password: string, random: RandomBytes): Promise<string> {
  const salt = random(16);
  const hash = await derive(password, salt, LENGTH_BYTES, { ...COST, maxmem: 2 ** 26 });
  return ['scrypt', COST.N, COST.r, COST.p, Buffer.from(salt).toString('base64'), hash.toString('base64')].join('$');
}

/** Whether a password is the one that was hashed; takes the same time whatever is wrong. */
export async function isPassword(password: string, stored: string): Promise<boolean> {
  const [scheme, n, r, p, salt, hash] = stored.split('$');
  if (scheme !== 'scrypt' || salt === undefined || hash === undefined)
    throw new Error('This is no hash of a password.');
  const cost = { N: Number(n), r: Number(r), p: Number(p) };
  const expected = Buffer.from(hash, 'base64');
  const actual = await derive(password, Buffer.from(salt, 'base64'), expected.length, { ...cost, maxmem: 2 ** 28 });
  return timingSafeEqual(actual, expected);
}
