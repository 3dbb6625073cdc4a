import type {
  Connector,
  ConnectorContext,
  ConnectorDescriptor,
  ResourceType,
  SourceConfiguration,
} from './connector.ts';
import { ConnectorError } from './connector-error.ts';

/** A source as declared in the configuration or the catalog: its settings are not yet validated. */
export type SourceDeclaration = Omit<SourceConfiguration<unknown>, 'settings'> & {
  readonly kind: string;
  readonly settings: unknown;
};

/** The connectors that a process knows, from an explicit list. */
export interface ConnectorRegistry {
  readonly kinds: readonly string[];
  /** @throws ConnectorError `invalid-request` that lists the known kinds */
  descriptor(kind: string): ConnectorDescriptor;
  /** The connectors that can restore a recovery point of this type, in the order of the list. */
  forResourceType(resourceType: ResourceType): readonly ConnectorDescriptor[];
  /**
   * Validates the settings of a source and fills in the defaults.
   * @throws ConnectorError `invalid-request` that names the setting
   */
  parseSettings(kind: string, settings: unknown): unknown;
  /** Validates and opens a source; the caller disposes of the connector. */
  open(source: SourceDeclaration, context: ConnectorContext): Promise<Connector>;
}

/** Builds a registry; two descriptors of the same kind are a programming error. */
export function createConnectorRegistry(descriptors: readonly ConnectorDescriptor[]): ConnectorRegistry {
  const byKind = new Map(descriptors.map((descriptor) => [descriptor.kind, descriptor]));
  if (byKind.size !== descriptors.length) throw new Error('two connectors declare the same kind');
  const kinds = [...byKind.keys()];

  function descriptor(kind: string): ConnectorDescriptor {
    const found = byKind.get(kind);
    if (found !== undefined) return found;
    throw new ConnectorError('invalid-request', `There is no connector of kind '${kind}'.`, {
      hint: `Known kinds: ${kinds.join(', ')}.`,
    });
  }

  function parseSettings(kind: string, settings: unknown): unknown {
    const parsed = descriptor(kind).settings.safeParse(settings);
    if (parsed.success) return parsed.data;
    const problems = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'settings'}: ${issue.message}`);
    throw new ConnectorError('invalid-request', `The settings of this ${kind} source are not valid.`, {
      hint: problems.join('; '),
    });
  }

  return {
    kinds,
    descriptor,
    forResourceType: (resourceType) => descriptors.filter((each) => each.resourceTypes.includes(resourceType)),
    parseSettings,
    open: ({ kind, settings, ...source }, context) =>
      descriptor(kind).open({ ...source, settings: parseSettings(kind, settings) }, context),
  };
}
