import { resourceNotFound } from '../errors.ts';
import type { ControlPorts } from '../ports.ts';
import type { Scope } from '../scope.ts';
import type { SourceRecord } from './source-store.ts';

/** @throws ServiceError ResourceNotFoundException */
export async function findSource(ports: ControlPorts, scope: Scope, name: string): Promise<SourceRecord> {
  const source = await ports.stores.sources.get(scope, name);
  if (source !== undefined) return source;
  throw resourceNotFound(
    `There is no source "${name}" in account ${scope.accountId} and region ${scope.region}.`,
    name,
  );
}
