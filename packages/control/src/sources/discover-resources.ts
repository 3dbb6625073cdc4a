/** The discovery loop: what a source shows becomes the table of resources, with tags, status, and what has vanished. */
import type { DiscoveredResource } from '@holdfast/connectors/sdk';
import type { ControlPorts } from '../ports.ts';
import type { ResourceRecord } from '../resources/resource-store.ts';
import { withoutUndefined } from '../without-undefined.ts';
import type { SourceRecord } from './source-store.ts';

const BATCH = 200;

export interface Discovery {
  readonly found: number;
  /** ARNs that the source does not show any more. */
  readonly vanished: readonly string[];
}

/**
 * Asks one source for its resources. Nothing is marked as vanished unless the whole list was read: a source that breaks
 * off half-way must not make the other half disappear.
 * @throws what the connector throws, after the source was marked unreachable
 */
export async function discoverResources(
  ports: ControlPorts,
  source: SourceRecord,
  signal: AbortSignal,
): Promise<Discovery> {
  const startedAt = ports.clock.now();
  try {
    const found = await readSource(ports, source, signal, startedAt);
    const vanished = await ports.stores.resources.markVanished(source, source.name, startedAt);
    await ports.stores.sources.setStatus(source, source.name, { status: 'reachable', lastDiscoveredAt: startedAt });
    if (vanished.length > 0)
      ports.log('info', 'resources have vanished', { source: source.name, count: vanished.length });
    return { found, vanished };
  } catch (error) {
    const statusMessage = error instanceof Error ? error.message : String(error);
    await ports.stores.sources.setStatus(source, source.name, { status: 'unreachable', statusMessage });
    throw error;
  }
}

async function readSource(
  ports: ControlPorts,
  source: SourceRecord,
  signal: AbortSignal,
  seenAt: number,
): Promise<number> {
  await using connector = await ports.connectors.open(source);
  let batch: ResourceRecord[] = [];
  let found = 0;
  for await (const resource of connector.discover(signal)) {
    batch.push(resourceRecord(source, resource, seenAt));
    found += 1;
    if (batch.length < BATCH) continue;
    await ports.stores.resources.upsert(batch);
    batch = [];
  }
  if (batch.length > 0) await ports.stores.resources.upsert(batch);
  return found;
}

function resourceRecord(source: SourceRecord, resource: DiscoveredResource, seenAt: number): ResourceRecord {
  return {
    accountId: source.accountId,
    region: source.region,
    arn: resource.arn,
    resourceType: resource.resourceType,
    name: resource.name,
    sourceName: source.name,
    sourceTags: { ...source.tags, ...resource.tags },
    localTags: {},
    status: resource.status,
    firstSeenAt: seenAt,
    lastSeenAt: seenAt,
    ...withoutUndefined({
      path: resource.path,
      sizeBytes: resource.sizeBytes,
      statusMessage: resource.statusMessage,
      createdAt: resource.createdAt,
    }),
  };
}

/** One round over all sources; a source that fails is noted at the source and does not stop the others. */
export async function discoverAllSources(ports: ControlPorts, signal: AbortSignal): Promise<void> {
  let afterKey: string | undefined;
  do {
    const page = await ports.stores.sources.listAll({ limit: 100, ...(afterKey === undefined ? {} : { afterKey }) });
    for (const source of page.items) {
      if (signal.aborted) return;
      await discoverResources(ports, source, signal).catch((error: unknown) => {
        ports.log('warn', 'a source could not be read', { source: source.name, reason: String(error) });
      });
    }
    afterKey = page.nextKey;
  } while (afterKey !== undefined);
}
