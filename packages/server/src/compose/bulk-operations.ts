/** Bulk operations of the admin API: kept in the catalog, carried out in the server with the caller's own permissions. */
import { CatalogBulkOperationStore } from '@holdfast/catalog';
import { type BulkPorts, BulkRunner } from '@holdfast/control';
import { isPrincipalThere } from '@holdfast/neighbours';
import { createInProcessCaller, type InProcessCallerOptions, type ServiceImplementation } from '@holdfast/wire';
import type { Control } from './control-ports.ts';
import type { Foundation } from './foundation.ts';
import type { Identity } from './identity.ts';

export interface BulkOperations {
  readonly ports: BulkPorts;
  /** Goes on with what a server left behind that is gone. */
  resume(): Promise<void>;
  /** Finishes the items under way; the rest is continued by the next server. */
  stop(): void;
}

/**
 * @param backup the service whose operations the items are
 * @param door what decides and records calls, as at the front door
 */
export function buildBulkOperations(
  foundation: Foundation,
  identity: Identity,
  { ports, background }: Control,
  backup: ServiceImplementation,
  door: Pick<InProcessCallerOptions, 'authorize' | 'audit'>,
): BulkOperations {
  const operations = new CatalogBulkOperationStore(foundation.catalog);
  const runner = new BulkRunner({
    ...ports,
    operations,
    call: createInProcessCaller(backup, {
      ...door,
      clock: ports.clock,
      log: { error: (message, fields) => foundation.log.error(fields, message) },
    }),
    isCallerThere: ({ principal }) => isPrincipalThere(identity.store, principal),
    owner: foundation.processId,
  });
  const stopping = new AbortController();
  return {
    ports: {
      clock: ports.clock,
      ids: ports.ids,
      operations,
      wake: () => background.run('bulk operations', () => runner.run(stopping.signal)),
    },
    resume: () => runner.run(stopping.signal),
    stop: () => stopping.abort(),
  };
}
