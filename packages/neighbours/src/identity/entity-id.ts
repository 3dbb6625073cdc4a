import { randomBytes } from 'node:crypto';

/** Gives `count` random bytes; injected, so that tests can know them. */
export type RandomBytes = (count: number) => Uint8Array;

export const secureRandomBytes: RandomBytes = randomBytes;

/** First letters of identifiers, by what they identify. */
export const ID_PREFIX = {
  user: 'AIDA',
  group: 'AGPA',
  role: 'AROA',
  policy: 'ANPA',
  accessKey: 'AKIA',
  temporaryAccessKey: 'ASIA',
} as const;

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** An identifier in AWS's form: four letters of kind and sixteen random ones (80 bits). */
export function newEntityId(kind: keyof typeof ID_PREFIX, random: RandomBytes): string {
  return ID_PREFIX[kind] + [...random(16)].map((byte) => ALPHABET[byte & 31]).join('');
}

/** A secret access key: forty characters, 240 random bits. */
export function newSecretAccessKey(random: RandomBytes): string {
  return Buffer.from(random(30)).toString('base64');
}

/** Twelve random digits, the first of them not zero. */
export function newAccountId(random: RandomBytes): string {
  const [first = 0, ...rest] = [...random(12)].map((byte) => byte % 10);
  return [first === 0 ? 1 : first, ...rest].join('');
}
