import { randomBytes, randomUUID } from 'node:crypto';
import type { Identifiers } from '@holdfast/control';

/** Identifiers from the system's random generator. */
export const systemIdentifiers: Identifiers = {
  uuid: () => randomUUID(),
  hex: (prefix, digits) =>
    prefix +
    randomBytes(Math.ceil(digits / 2))
      .toString('hex')
      .slice(0, digits),
};
