import type { ResourceType } from '../sdk/v1/connector.ts';

/** In what a single instance and a cluster differ; everything else is the same code. */
export interface Flavour {
  readonly resourceType: ResourceType & ('RDS' | 'Aurora');
  readonly arnPrefix: 'db:' | 'cluster:';
  /** What it is called in messages. */
  readonly word: string;
  /** The restore metadata key that names the new resource. */
  readonly identifierKey: 'DBInstanceIdentifier' | 'DBClusterIdentifier';
  /** What the API calls the engine. */
  readonly engine: string;
  /** A cluster is restored as its storage, to which instances are attached afterwards (RST-113). */
  readonly startsInstance: boolean;
}
