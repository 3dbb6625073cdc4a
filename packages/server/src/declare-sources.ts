/** Brings the sources of the configuration file into the catalog, and takes those out that the file no longer names. */
import type { ControlPorts, SourceRecord } from '@holdfast/control';
import type { LoadedConfiguration } from './configuration/load-configuration.ts';
import { StartupError } from './startup-error.ts';

/** @throws StartupError that names the source whose settings do not fit, or whose name is taken by another one */
export async function declareSources(ports: ControlPorts, configuration: LoadedConfiguration): Promise<void> {
  const declared = new Set<string>();
  for (const source of configuration.sources) {
    const scope = { accountId: source.account ?? configuration.account, region: source.region ?? configuration.region };
    declared.add(nameOf({ ...scope, name: source.name }));
    const existing = await ports.stores.sources.get(scope, source.name);
    if (existing?.origin === 'api') {
      throw new StartupError(
        `source ${source.name} of ${configuration.file} exists already, added by command; remove one of the two: ` +
          `holdfast source remove ${source.name}`,
      );
    }
    const settings = await fittingSettings(ports, source.name, source.kind, source.settings);
    await ports.stores.sources.put({
      ...scope,
      name: source.name,
      kind: source.kind,
      settings,
      tags: {},
      origin: 'configuration',
      createdAt: existing?.createdAt ?? ports.clock.now(),
      status: existing?.status ?? 'unchecked',
    });
  }
  for (const source of await declaredEarlier(ports)) {
    if (declared.has(nameOf(source))) continue;
    await ports.stores.resources.removeOfSource(source, source.name);
    await ports.stores.sources.remove(source, source.name);
  }
}

function nameOf({ accountId, region, name }: Pick<SourceRecord, 'accountId' | 'region' | 'name'>): string {
  return `${accountId}/${region}/${name}`;
}

async function fittingSettings(
  ports: ControlPorts,
  name: string,
  kind: string,
  settings: Readonly<Record<string, unknown>>,
): Promise<Record<string, unknown>> {
  try {
    return await ports.connectors.validateSettings(kind, settings);
  } catch (error) {
    throw new StartupError(`source ${name}: ${(error as Error).message}`, { cause: error });
  }
}

async function declaredEarlier(ports: ControlPorts): Promise<SourceRecord[]> {
  const found: SourceRecord[] = [];
  let afterKey: string | undefined;
  do {
    const page = await ports.stores.sources.listAll({ limit: 100, ...(afterKey === undefined ? {} : { afterKey }) });
    found.push(...page.items.filter(({ origin }) => origin === 'configuration'));
    afterKey = page.nextKey;
  } while (afterKey !== undefined);
  return found;
}
