import { ConnectorError } from '@holdfast/connectors';
import type { ConnectorErrorClass } from '@holdfast/connectors/sdk';

const LASTING: ReadonlySet<ConnectorErrorClass> = new Set([
  'invalid-request',
  'not-found',
  'denied',
  'log-broken',
  'permanent',
]);

/** Whether an error of a connector will not pass by waiting: somebody must act. */
export function isLasting(error: unknown): error is ConnectorError {
  return error instanceof ConnectorError && LASTING.has(error.class);
}
