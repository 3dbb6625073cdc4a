/** `application/x-www-form-urlencoded` text, which is the query string and the body of the query protocol. */
import { DecodeError } from './decode-error.ts';

/** One parameter as it was sent, and decoded. */
export interface Parameter {
  readonly rawName: string;
  readonly rawValue: string;
  readonly name: string;
  readonly value: string;
}

const MAX_PARAMETERS = 10_000;

/**
 * Splits and decodes; order and repetition are kept.
 * @throws DecodeError for bad percent-encoding or an absurd number of parameters
 */
export function parseParameters(text: string): readonly Parameter[] {
  if (text === '') return [];
  const parts = text.split('&');
  if (parts.length > MAX_PARAMETERS) {
    throw new DecodeError('malformed', `The request has more than ${MAX_PARAMETERS} parameters`);
  }
  return parts.filter((part) => part !== '').map(parseParameter);
}

function parseParameter(part: string): Parameter {
  const equals = part.indexOf('=');
  const rawName = equals === -1 ? part : part.slice(0, equals);
  const rawValue = equals === -1 ? '' : part.slice(equals + 1);
  return { rawName, rawValue, name: decodeForm(rawName), value: decodeForm(rawValue) };
}

function decodeForm(text: string): string {
  return decodePercent(text.replaceAll('+', ' '));
}

/** @throws DecodeError for bad percent-encoding */
export function decodePercent(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    throw new DecodeError('malformed', 'The request has bad percent-encoding in its path, query string or body');
  }
}
