import type { ConnectorDescriptor } from '@holdfast/connectors/sdk';
import { invalidRequest } from '../errors.ts';
import type { ControlPorts } from '../ports.ts';
import type { RecoveryPointRecord } from '../recovery-points/recovery-point-store.ts';
import type { Scope } from '../scope.ts';
import type { SourceRecord } from './source-store.ts';

export interface RestoreSource {
  readonly source: SourceRecord;
  readonly descriptor: ConnectorDescriptor;
}

/**
 * The source through which a recovery point is restored: the one that the resource came from, or, when that is gone,
 * the first of the scope whose connector can rebuild the type.
 * @throws ServiceError InvalidRequestException when no source can
 */
export async function sourceForRestore(
  ports: ControlPorts,
  scope: Scope,
  point: Pick<RecoveryPointRecord, 'resourceArn' | 'resourceType'>,
): Promise<RestoreSource> {
  const resource = await ports.stores.resources.get(scope, point.resourceArn);
  const own = resource === undefined ? undefined : await ports.stores.sources.get(scope, resource.sourceName);
  const found = own === undefined ? undefined : withDescriptor(ports, own);
  if (found !== undefined) return found;
  for await (const source of sourcesOf(ports, scope)) {
    const other = withDescriptor(ports, source);
    if (other?.descriptor.resourceTypes.some((type) => type === point.resourceType) === true) return other;
  }
  throw invalidRequest(
    `No source in account ${scope.accountId} and region ${scope.region} can restore ${point.resourceType} resources. Add one first.`,
    point.resourceType,
  );
}

function withDescriptor(ports: ControlPorts, source: SourceRecord): RestoreSource | undefined {
  const descriptor = ports.connectors.descriptors().find(({ kind }) => kind === source.kind);
  return descriptor === undefined ? undefined : { source, descriptor };
}

async function* sourcesOf(ports: ControlPorts, scope: Scope): AsyncGenerator<SourceRecord> {
  let afterKey: string | undefined;
  do {
    const page = await ports.stores.sources.list(scope, {
      limit: 100,
      ...(afterKey === undefined ? {} : { afterKey }),
    });
    yield* page.items;
    afterKey = page.nextKey;
  } while (afterKey !== undefined);
}
