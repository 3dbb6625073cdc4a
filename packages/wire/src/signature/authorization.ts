/** Reads where and how a request is signed: Signature Version 4 in the header or in the query string (ERR-1 to ERR-10). */
import type { WireRequest } from '../http/wire-request.ts';
import { SignatureError } from './signature-error.ts';

export interface Authorization {
  readonly isPresigned: boolean;
  readonly accessKeyId: string;
  /** `YYYYMMDD` of the credential scope. */
  readonly scopeDate: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  /** Hexadecimal, lower case. */
  readonly signature: string;
  /** The request's date as it enters the string to sign, `YYYYMMDD'T'HHMMSS'Z'`. */
  readonly date: string;
  readonly signedAt: number;
  readonly sessionToken: string | undefined;
  /** Life of a presigned URL, seconds. */
  readonly expiresSeconds: number | undefined;
}

const ALGORITHM = 'AWS4-HMAC-SHA256';
/** A presigned URL lives at most a week. */
const MAX_EXPIRES_SECONDS = 604_800;

/**
 * @throws SignatureError when the request is unsigned or its signature does not conform
 */
export function readAuthorization(request: WireRequest): Authorization {
  const header = request.headers.get('authorization');
  if (header !== undefined) return fromHeader(request, header);
  const query = new Map(request.parameters.map(({ name, value }) => [name.toLowerCase(), value]));
  if (query.has('x-amz-algorithm') || query.has('x-amz-signature') || query.has('x-amz-credential'))
    return fromQuery(query);
  throw new SignatureError('missingToken', 'Request is missing Authentication Token');
}

function fromHeader(request: WireRequest, header: string): Authorization {
  const [algorithm = '', ...rest] = header.trim().split(/\s+/);
  if (algorithm !== ALGORITHM) {
    throw incomplete(`The Authorization header must use the algorithm ${ALGORITHM}, not '${algorithm.slice(0, 32)}'`);
  }
  const fields = new Map<string, string>();
  for (const field of rest.join('').split(',')) {
    const equals = field.indexOf('=');
    if (equals > 0) fields.set(field.slice(0, equals), field.slice(equals + 1));
  }
  const want = (name: string) => fields.get(name) ?? fail(`Authorization header requires '${name}' parameter`);
  const [date, signedAt] = headerDate(request);
  return {
    isPresigned: false,
    ...scopeOf(want('Credential')),
    signedHeaders: headerNames(want('SignedHeaders')),
    signature: signatureOf(want('Signature')),
    date,
    signedAt,
    sessionToken: request.headers.get('x-amz-security-token'),
    expiresSeconds: undefined,
  };
}

function fromQuery(query: ReadonlyMap<string, string>): Authorization {
  const want = (name: string) => query.get(name.toLowerCase()) ?? fail(`The query string requires '${name}' parameter`);
  if (want('X-Amz-Algorithm') !== ALGORITHM) throw incomplete(`X-Amz-Algorithm must be ${ALGORITHM}`);
  const date = want('X-Amz-Date');
  return {
    isPresigned: true,
    ...scopeOf(want('X-Amz-Credential')),
    signedHeaders: headerNames(want('X-Amz-SignedHeaders')),
    signature: signatureOf(want('X-Amz-Signature')),
    date,
    signedAt: basicDate(date) ?? fail(`X-Amz-Date must be in ISO 8601 basic format, YYYYMMDD'T'HHMMSS'Z'`),
    sessionToken: query.get('x-amz-security-token'),
    expiresSeconds: expiresOf(query.get('x-amz-expires')),
  };
}

function incomplete(message: string): SignatureError {
  return new SignatureError('incompleteSignature', message);
}

function fail(message: string): never {
  throw incomplete(message);
}

function scopeOf(credential: string): Pick<Authorization, 'accessKeyId' | 'scopeDate' | 'region' | 'service'> {
  const parts = credential.split('/');
  const [accessKeyId = '', scopeDate = '', region = '', service = '', terminator] = parts;
  if (parts.length !== 5 || terminator !== 'aws4_request' || parts.some((part) => part === '')) {
    throw incomplete('Credential must have the form <access key>/<YYYYMMDD>/<region>/<service>/aws4_request');
  }
  if (!/^\d{8}$/.test(scopeDate)) throw incomplete('The date in the credential scope must have the form YYYYMMDD');
  return { accessKeyId, scopeDate, region, service };
}

function headerNames(text: string): string[] {
  const names = text.toLowerCase().split(';');
  if (names.some((name) => !/^[a-z0-9!#$%&'*+.^_`|~-]+$/.test(name)))
    throw incomplete('SignedHeaders is not a list of header names');
  return names;
}

function signatureOf(text: string): string {
  if (!/^[0-9a-f]{64}$/i.test(text)) throw incomplete('Signature must be 64 hexadecimal digits');
  return text.toLowerCase();
}

/** `X-Amz-Date` overrides `Date`, which may stand in ISO basic form or as an HTTP date (ERR-6). */
function headerDate(request: WireRequest): [string, number] {
  const text = request.headers.get('x-amz-date') ?? request.headers.get('date');
  if (text === undefined)
    throw incomplete("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header");
  const basic = basicDate(text);
  if (basic !== undefined) return [text, basic];
  const parsed = Date.parse(text);
  if (Number.isNaN(parsed)) throw incomplete("The date must be in ISO 8601 basic format, YYYYMMDD'T'HHMMSS'Z'");
  return [new Date(parsed).toISOString().replace(/[-:]|\.\d{3}/g, ''), parsed];
}

/** `20120325T120000Z` to ms since epoch. */
function basicDate(text: string): number | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second] = match;
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(at) ? undefined : at;
}

function expiresOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const seconds = /^\d{1,6}$/.test(text) ? Number(text) : -1;
  if (seconds < 0 || seconds > MAX_EXPIRES_SECONDS)
    throw incomplete(`X-Amz-Expires must be between 0 and ${MAX_EXPIRES_SECONDS} seconds`);
  return seconds;
}

/**
 * The service that a request claims to be signed for, before anything is checked: it only decides in which protocol
 * a refusal is written and whose operations are looked through.
 */
export function peekSigningName(header: string | undefined, queryText: string): string | undefined {
  const inHeader = header === undefined ? null : /Credential=[^/,\s]*\/[^/,\s]*\/[^/,\s]*\/([^/,\s]*)\//.exec(header);
  const inQuery = /(?:^|&)X-Amz-Credential=([^&]*)/i.exec(queryText);
  const found =
    inHeader ?? (inQuery === null ? null : /^(?:[^/%]*(?:\/|%2F)){3}([^/%]*)(?:\/|%2F)/i.exec(inQuery[1] ?? ''));
  return found?.[1];
}
