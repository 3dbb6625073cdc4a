import type { ItemIssue, ItemPath } from '@holdfast/engine';
import { ConnectorError, type ConnectorErrorClass } from '../sdk/v1/connector-error.ts';
import { displayKey } from './item-paths.ts';

/** What a store answered instead of what was asked for, or why no answer came. */
export class S3RequestError extends Error {
  /** The store's word (`NoSuchKey`) or, when none answered, the system's (`ECONNREFUSED`). */
  readonly code: string;
  /** Absent when no store answered. */
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(code: string, message: string, options: { status?: number; retryAfterMs?: number; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.name = 'S3RequestError';
    this.code = code;
    this.status = options.status;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** The SDK's errors and the system's in one form; ConnectorErrors stay what they are. */
export function asRequestError(error: unknown): Error {
  if (error instanceof S3RequestError || error instanceof ConnectorError) return error;
  if (!(error instanceof Error)) return new S3RequestError('Unknown', String(error), {});
  const { $metadata, $response, code } = error as {
    $metadata?: { httpStatusCode?: number };
    $response?: { headers?: Record<string, string> };
    code?: string;
  };
  const status = $metadata?.httpStatusCode;
  if (status === undefined) return new S3RequestError(code ?? error.name, error.message, { cause: error });
  const retryAfterSeconds = Number($response?.headers?.['retry-after']);
  return new S3RequestError(error.name, error.message, {
    status,
    cause: error,
    ...(retryAfterSeconds > 0 ? { retryAfterMs: retryAfterSeconds * 1000 } : {}),
  });
}

const THROTTLES = new Set([
  'RequestLimitExceeded',
  'SlowDown',
  'ServiceUnavailable',
  'Throttling',
  'ThrottlingException',
  'TooManyRequests',
]);

export function isThrottle(error: unknown): boolean {
  if (!(error instanceof S3RequestError) || error.status === undefined) return false;
  return THROTTLES.has(error.code) || error.status === 429 || error.status === 503;
}

/** Certificates and names do not become right by asking again. */
const LASTING = /CERT|SELF_SIGNED|ERR_TLS|UNABLE_TO_VERIFY|ENOTFOUND|ERR_INVALID/;

/** Worth asking again: throttled, an inner error of the store, or no answer. */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof S3RequestError)) return false;
  if (error.status === undefined) return !LASTING.test(error.code);
  return isThrottle(error) || error.status >= 500 || error.status === 408 || error.code === 'OperationAborted';
}

export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof S3RequestError && codes.includes(error.code);
}

export function hasStatus(error: unknown, ...statuses: readonly number[]): boolean {
  return error instanceof S3RequestError && error.status !== undefined && statuses.includes(error.status);
}

interface Cure {
  readonly when: RegExp;
  readonly class: ConnectorErrorClass;
  readonly hint: string;
}

/** The first that fits the code or the status. */
const CURES: readonly Cure[] = [
  {
    when: /^(InvalidAccessKeyId|SignatureDoesNotMatch|InvalidToken|ExpiredToken|TokenRefreshRequired)$/,
    class: 'denied',
    hint: "Check the access key and the secret of the source's credentials; temporary ones may have expired.",
  },
  {
    when: /^(CredentialsProviderError|TokenProviderError)$/,
    class: 'denied',
    hint: 'Give the source credentials, or let the environment of the server provide some.',
  },
  {
    when: /^RequestTimeTooSkewed$/,
    class: 'denied',
    hint: 'The clocks of this machine and of the store differ by more than 15 minutes: set them right.',
  },
  {
    when: /^(PermanentRedirect|AuthorizationHeaderMalformed|IllegalLocationConstraintException)$/,
    class: 'invalid-request',
    hint: 'The bucket is in another region: make a source with that region.',
  },
  { when: /^NoSuchBucket$/, class: 'not-found', hint: 'The bucket was deleted, or belongs to another endpoint.' },
  {
    when: /^(QuotaExceeded|InsufficientStorage|XMinioStorageFull|507)$/,
    class: 'unavailable',
    hint: 'The store is full or the quota is used up: make room there, then try again.',
  },
  {
    when: /^(AccessDenied|AllAccessDisabled|401|403)$/,
    class: 'denied',
    hint: 'The credentials lack a right: the README of the S3 connector has the bucket policy that grants them all.',
  },
  {
    when: /CERT|SELF_SIGNED|UNABLE_TO_VERIFY/,
    class: 'unavailable',
    hint: 'The certificate of the endpoint is not trusted: name its authority with the setting caFile.',
  },
  {
    when: /^(ENOTFOUND|EAI_AGAIN)$/,
    class: 'unavailable',
    hint: 'No such host: correct the endpoint, or set pathStyle=true when bucket names are no host names there.',
  },
  {
    when: /^(ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|EPIPE|TimeoutError)$/,
    class: 'unavailable',
    hint: 'Is the store running, and are the host and port of the endpoint right?',
  },
  { when: /^(429|5\d\d)$/, class: 'unavailable', hint: 'The store is in trouble or overloaded: see its own log.' },
];

/** A failure of a whole source or target, with what to do about it. */
export function s3Error(doing: string, error: unknown): ConnectorError {
  const cause = asRequestError(error);
  if (cause instanceof ConnectorError) return cause;
  if (!(cause instanceof S3RequestError))
    return new ConnectorError('permanent', `${doing}: ${cause.message}`, { cause });
  const words = [cause.code, String(cause.status ?? '')];
  const cure = CURES.find(({ when }) => words.some((word) => when.test(word)));
  const answer = cause.status === undefined ? cause.code : `${cause.code}, status ${cause.status}`;
  return new ConnectorError(
    cure?.class ?? (cause.status === undefined ? 'unavailable' : 'permanent'),
    `${doing}: ${cause.message || 'refused'} (${answer}).`,
    { cause, ...(cure === undefined ? {} : { hint: cure.hint }) },
  );
}

/** Failures that would repeat with every further object: better to stop than to report each one. */
export function isHopeless(error: unknown): boolean {
  if (!(error instanceof S3RequestError)) return error instanceof ConnectorError;
  if (error.status === undefined || isThrottle(error)) return true;
  return /^(InvalidAccessKeyId|SignatureDoesNotMatch|InvalidToken|ExpiredToken|RequestTimeTooSkewed|NoSuchBucket|QuotaExceeded|InsufficientStorage|XMinioStorageFull)$/.test(
    error.code,
  );
}

/** An issue whose message begins with the key, so that it reads by itself in a list. */
export function objectIssue(path: ItemPath, key: string, code: string, reason: string, dataMissing = true): ItemIssue {
  return { path, code, message: `${displayKey(key)}: ${reason}`, dataMissing };
}
