import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { builtInConnectors } from '@holdfast/connectors';
import type { ConnectorContext, ResourceType } from '@holdfast/connectors/sdk';
import type { ConnectorPort, SourceRecord } from '@holdfast/control';
import type { DataDirectory } from '../data-directory.ts';
import type { Logger } from '../logger.ts';
import { systemIdentifiers } from './identifiers.ts';
import { resolveSecret } from './secret-references.ts';

export interface ConnectorPortOptions {
  readonly directory: DataDirectory;
  /** Local vault stores outside the data directory. */
  readonly storeDirectories: readonly string[];
  readonly log: Logger;
  now(): number;
}

/** The installed connectors, opened with their state and restore directories below the data directory. */
export function connectorPort(options: ConnectorPortOptions): ConnectorPort {
  const registry = builtInConnectors();
  const descriptors = registry.kinds.map((kind) => registry.descriptor(kind));
  return {
    descriptors: () => descriptors,
    resourceTypes: () => [
      ...new Set(descriptors.flatMap(({ resourceTypes }): readonly ResourceType[] => resourceTypes)),
    ],
    open: (source) =>
      registry.open({ ...source, secret: (reference) => resolveSecret(reference) }, contextOf(options, source)),
    validateSettings: async (kind, settings) => {
      const parsed = registry.parseSettings(kind, settings) as Record<string, unknown>;
      for (const reference of secretReferences(parsed)) await resolveSecret(reference);
      return parsed;
    },
  };
}

function contextOf(options: ConnectorPortOptions, source: SourceRecord): ConnectorContext {
  const { directory, storeDirectories, log } = options;
  const stateDirectory = join(directory.state, source.accountId, source.region, source.name);
  const restoreDirectory = join(directory.restored, source.accountId, source.region, source.name);
  mkdirSync(stateDirectory, { recursive: true, mode: 0o700 });
  mkdirSync(restoreDirectory, { recursive: true, mode: 0o700 });
  return {
    now: options.now,
    newId: (prefix) => systemIdentifiers.hex(prefix, 17),
    log: (level, message, fields) => log[level]({ source: source.name, ...fields }, message),
    stateDirectory,
    restoreDirectory,
    holdfastDirectories: [directory.root, ...storeDirectories],
  };
}

/** Every `env:` or `file:` text in settings whose name says that it is a secret, at any depth. */
function secretReferences(settings: unknown): string[] {
  if (typeof settings !== 'object' || settings === null) return [];
  return Object.entries(settings).flatMap(([name, value]) =>
    typeof value === 'string' && /password|secret|token/i.test(name) ? [value] : secretReferences(value),
  );
}
