import { StoreError, type StoreErrorCode } from '../store-error.ts';

const NAMES: Readonly<Record<string, StoreErrorCode>> = {
  NoSuchKey: 'not-found',
  NotFound: 'not-found',
  NoSuchVersion: 'not-found',
  NoSuchBucket: 'unavailable',
  PreconditionFailed: 'already-exists',
  ConditionalRequestConflict: 'unavailable',
  OperationAborted: 'unavailable',
  SlowDown: 'throttled',
  TooManyRequests: 'throttled',
  TooManyRequestsException: 'throttled',
  RequestLimitExceeded: 'throttled',
  Throttling: 'throttled',
  ThrottlingException: 'throttled',
  QuotaExceeded: 'no-space',
  InsufficientStorage: 'no-space',
  XMinioStorageFull: 'no-space',
  BadDigest: 'corrupt',
  InvalidDigest: 'corrupt',
  XAmzContentSHA256Mismatch: 'corrupt',
  XAmzContentChecksumMismatch: 'corrupt',
  InvalidRange: 'corrupt',
  InvalidObjectState: 'cold',
  RequestTimeTooSkewed: 'denied',
};

const STATUSES: Readonly<Record<number, StoreErrorCode>> = {
  401: 'denied',
  403: 'denied',
  404: 'not-found',
  408: 'unavailable',
  412: 'already-exists',
  416: 'corrupt',
  429: 'throttled',
  503: 'throttled',
  507: 'no-space',
};

interface ServiceAnswer {
  readonly name: string;
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

/** The parts of the SDK's error that matter here; undefined when no server answered. */
export function answerOf(error: unknown): ServiceAnswer | undefined {
  if (!(error instanceof Error)) return undefined;
  const { $metadata: metadata, $response: response } = error as {
    $metadata?: { httpStatusCode?: number };
    $response?: { headers?: Record<string, string> };
  };
  if (metadata?.httpStatusCode === undefined) return undefined;
  return { name: error.name, status: metadata.httpStatusCode, headers: response?.headers ?? {} };
}

/** Turns what the SDK throws into the store's language; an abort becomes the reason of the signal. */
export function asS3StoreError(error: unknown, key: string, signal: AbortSignal | undefined): unknown {
  if (error instanceof StoreError) return error;
  if (signal?.aborted === true) return signal.reason;
  const answer = answerOf(error);
  const detail = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  if (answer === undefined) {
    return new StoreError('unavailable', `the S3 server cannot be reached for ${key}: ${detail}`, {
      key,
      cause: error,
    });
  }
  const code = NAMES[answer.name] ?? STATUSES[answer.status ?? 0] ?? byClass(answer.status ?? 0);
  const retryAfterSeconds = Number(answer.headers['retry-after']);
  return new StoreError(code, `the S3 server refused ${key} with status ${answer.status}, ${detail}`, {
    key,
    cause: error,
    ...(retryAfterSeconds > 0 ? { retryAfterMs: retryAfterSeconds * 1000 } : {}),
  });
}

function byClass(status: number): StoreErrorCode {
  return status >= 500 || status === 409 ? 'unavailable' : 'unsupported';
}
