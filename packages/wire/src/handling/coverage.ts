/** Which operations of a service have handlers. */
import type { ServiceImplementation } from './handler.ts';

export interface Coverage {
  readonly service: string;
  /** In alphabetical order. */
  readonly operations: readonly { readonly operation: string; readonly isHandled: boolean }[];
  readonly handledCount: number;
}

export function coverage({ service, handlers }: ServiceImplementation): Coverage {
  const names = [...service.operations.keys()].sort();
  const operations = names.map((operation) => ({ operation, isHandled: handlers.has(operation) }));
  return { service: service.name, operations, handledCount: operations.filter((entry) => entry.isHandled).length };
}

/** For a terminal: one line per operation under a line with the sums. */
export function formatCoverage({ service, operations, handledCount }: Coverage): string {
  const lines = operations.map(({ operation, isHandled }) => `  ${isHandled ? 'yes' : 'no '}  ${operation}`);
  return [`${service}: ${handledCount} of ${operations.length} operations`, ...lines].join('\n');
}
