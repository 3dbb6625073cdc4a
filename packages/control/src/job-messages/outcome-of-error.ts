import { ConnectorError } from '@holdfast/connectors';
import type { ConnectorErrorClass } from '@holdfast/connectors/sdk';
import { AuthorityError, EngineError, KeyError, StoreError, type StoreErrorCode } from '@holdfast/engine';
import type { JobOutcome } from '@holdfast/jobs';
import type { MessageCategory } from './message-category.ts';

const CATEGORIES: Readonly<Record<ConnectorErrorClass, MessageCategory>> = {
  'invalid-request': 'INVALID_PARAMETERS',
  'not-found': 'RESOURCE_NOT_FOUND',
  denied: 'ACCESS_DENIED',
  unavailable: 'SERVICE_UNAVAILABLE',
  conflict: 'CONCURRENT_JOB',
  'log-broken': 'FATAL_ERROR',
  permanent: 'FATAL_ERROR',
};
const PASSING: ReadonlySet<ConnectorErrorClass> = new Set(['unavailable', 'conflict']);

const STORE_CATEGORIES: Readonly<Partial<Record<StoreErrorCode, MessageCategory>>> = {
  throttled: 'SERVICE_UNAVAILABLE',
  unavailable: 'SERVICE_UNAVAILABLE',
  'no-space': 'LIMIT_EXCEEDED',
  denied: 'ACCESS_DENIED',
};

/** An expected end of a job that is no success: a rule refused it, or something that it needs is missing. */
export class JobFailure extends Error {
  readonly category: MessageCategory;

  constructor(category: MessageCategory, message: string) {
    super(message);
    this.name = 'JobFailure';
    this.category = category;
  }
}

/** What an error of a connector, the engine or a rule means for the job; everything else is a fatal error. */
export function outcomeOfError(error: unknown): JobOutcome {
  if (error instanceof JobFailure) return { result: 'failed', message: error.message, category: error.category };
  if (error instanceof ConnectorError) {
    const result = PASSING.has(error.class) ? 'retry' : 'failed';
    return { result, message: error.message, category: CATEGORIES[error.class] };
  }
  if (error instanceof KeyError) return { result: 'failed', message: error.message, category: 'KMS_KEY_ERROR' };
  if (error instanceof StoreError) return outcomeOfStoreError(error);
  const isLeaseLost = (error instanceof EngineError || error instanceof AuthorityError) && error.code === 'lease-lost';
  if (isLeaseLost) return { result: 'retry', message: error.message, category: 'SERVICE_UNAVAILABLE' };
  const message = error instanceof Error ? error.message : String(error);
  return { result: 'failed', message: `The job met a fatal error: ${message}`, category: 'FATAL_ERROR' };
}

/** A store that is only slow or away is tried again; one that is full or refuses needs somebody to act. */
function outcomeOfStoreError(error: StoreError): JobOutcome {
  const isPassing = error.code === 'throttled' || error.code === 'unavailable';
  const category = STORE_CATEGORIES[error.code] ?? 'FATAL_ERROR';
  const message = `The vault's store answered: ${error.message}`;
  return { result: isPassing ? 'retry' : 'failed', message, category };
}
