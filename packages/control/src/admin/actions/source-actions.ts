/** Sources: add, show, list, remove, check, discover. */
import { alreadyExists, invalidParameter, invalidRequest, resourceNotFound } from '../../errors.ts';
import { listPage } from '../../pagination/next-token.ts';
import type { ControlPorts } from '../../ports.ts';
import type { Scope } from '../../scope.ts';
import { type Discovery, discoverResources } from '../../sources/discover-resources.ts';
import { findSource } from '../../sources/find-source.ts';
import type { SourceRecord } from '../../sources/source-store.ts';
import { checkTags } from '../../tags/tag-rules.ts';
import type { AdminHandler, AdminOperations } from '../admin-service.ts';
import { answeringConnectorErrors } from '../connector-errors.ts';
import { presentSource } from '../present.ts';

/** AddSource: checks the settings, keeps the source, and looks for its resources at once. */
export function addSource(ports: ControlPorts): AdminHandler<'AddSource'> {
  return async (input, context) => {
    const scope = { accountId: context.accountId, region: context.region };
    const source = await newSource(ports, scope, input);
    if (!(await ports.stores.sources.create(source))) {
      const arn = `source "${source.name}"`;
      throw alreadyExists(`There is a ${arn} already. Remove it first, or choose another name.`, { arn });
    }
    const discovery = await firstDiscovery(ports, source, context.signal);
    return { Source: presentSource(await findSource(ports, scope, source.name)), Discovery: discovery };
  };
}

async function newSource(
  ports: ControlPorts,
  scope: Scope,
  input: AdminOperations['AddSource']['input'],
): Promise<SourceRecord> {
  const given: unknown = input.Settings ?? {};
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw invalidParameter('Settings must be an object.', 'Settings');
  }
  const settings = await answeringConnectorErrors(() =>
    ports.connectors.validateSettings(input.Kind, given as Record<string, unknown>),
  );
  return {
    ...scope,
    name: input.Name,
    kind: input.Kind,
    settings,
    tags: checkTags(input.Tags, ports.quotas.tagsPerResource),
    origin: 'api',
    createdAt: ports.clock.now(),
    status: 'unchecked',
  };
}

/** A source that cannot be reached at first is kept, with the reason in its status: it may come up later. */
async function firstDiscovery(ports: ControlPorts, source: SourceRecord, signal: AbortSignal) {
  try {
    return presentDiscovery(await discoverResources(ports, source, signal));
  } catch (error) {
    ports.log('warn', 'a new source could not be read', { source: source.name, reason: String(error) });
    return undefined;
  }
}

export function getSource(ports: ControlPorts): AdminHandler<'GetSource'> {
  return async (input, context) => ({ Source: presentSource(await findSource(ports, context, input.Name)) });
}

export function listSources(ports: ControlPorts): AdminHandler<'ListSources'> {
  return async (input, context) => {
    const scope = { accountId: context.accountId, region: context.region };
    const { items, NextToken } = await listPage(input, context, (page) => ports.stores.sources.list(scope, page));
    return { Sources: items.map(presentSource), NextToken };
  };
}

const PAGE = 100;

/**
 * RemoveSource: forgets the source and its resources; recovery points stay. Not while one of its resources is backed up
 * continuously: what the capture holds at the source, such as a replication slot, can be given back only with it.
 */
export function removeSource(ports: ControlPorts): AdminHandler<'RemoveSource'> {
  return async (input, context) => {
    const source = await findSource(ports, context, input.Name);
    if (source.origin === 'configuration') {
      throw invalidRequest(
        `Source "${source.name}" is declared in the configuration file. Remove it there.`,
        source.name,
      );
    }
    await assertNothingContinuous(ports, source);
    await ports.stores.resources.removeOfSource(source, source.name);
    if (!(await ports.stores.sources.remove(source, source.name))) {
      throw resourceNotFound(`There is no source "${source.name}".`, source.name);
    }
    return {};
  };
}

/** One that is being stopped does not count: of a source that is gone for good it would never end. */
async function assertNothingContinuous(ports: ControlPorts, source: SourceRecord): Promise<void> {
  const { continuousBackups, resources } = ports.stores;
  const query = { scope: source, states: ['STARTING', 'ACTIVE'] } as const;
  for (let afterKey: string | undefined; ; ) {
    const page = await continuousBackups.list(query, { limit: PAGE, ...(afterKey === undefined ? {} : { afterKey }) });
    for (const { resourceArn, recoveryPointArn } of page.items) {
      if ((await resources.get(source, resourceArn))?.sourceName !== source.name) continue;
      throw invalidRequest(
        `Source "${source.name}" is needed by the continuous backup of ${resourceArn}. Disassociate its recovery point ` +
          `${recoveryPointArn}, or take the resource out of the plan and delete the point; then remove the source.`,
        source.name,
      );
    }
    afterKey = page.nextKey;
    if (afterKey === undefined) return;
  }
}

/** CheckSource: whether the source can be reached with the rights that backups need. */
export function checkSource(ports: ControlPorts): AdminHandler<'CheckSource'> {
  return async (input, context) => {
    const source = await findSource(ports, context, input.Name);
    const findings = await answeringConnectorErrors(async () => {
      await using connector = await ports.connectors.open(source);
      return connector.check(context.signal);
    });
    return {
      Findings: findings.map(({ what, ok, advisory, hint }) => ({
        What: what,
        Ok: ok,
        Advisory: advisory,
        Hint: hint,
      })),
    };
  };
}

export function discoverSource(ports: ControlPorts): AdminHandler<'DiscoverSource'> {
  return async (input, context) => {
    const source = await findSource(ports, context, input.Name);
    const discovery = await answeringConnectorErrors(() => discoverResources(ports, source, context.signal));
    return { Discovery: presentDiscovery(discovery) };
  };
}

function presentDiscovery(discovery: Discovery) {
  return { Found: discovery.found, Vanished: [...discovery.vanished] };
}
