import type { Clock } from '@holdfast/jobs';
import type { ControlPorts } from '../ports.ts';
import type { ResourceRecord } from '../resources/resource-store.ts';
import type { SourceRecord } from '../sources/source-store.ts';
import type { BackupVaultRecord } from '../vaults/vault-store.ts';
import type { ContinuousBackupRecord } from './continuous-backup-store.ts';
import type { ContinuousSettings } from './continuous-settings.ts';

/** A continuous backup in the hands of one worker. */
export interface ContinuousWork {
  readonly ports: ControlPorts;
  readonly clock: Clock;
  readonly settings: ContinuousSettings;
  readonly workerId: string;
  /** As it was when it was claimed. */
  readonly record: ContinuousBackupRecord;
  /** Aborts with a `ContinuousInterruption`. */
  readonly signal: AbortSignal;
}

/** Why a worker lets go of a continuous backup. */
export class ContinuousInterruption extends Error {
  readonly why: 'lease-lost' | 'changed' | 'shutdown';

  constructor(why: ContinuousInterruption['why']) {
    super(
      {
        'lease-lost': 'The continuous backup was given to another worker.',
        changed: 'The continuous backup has ended or changed its state.',
        shutdown: 'The worker is shutting down; another one goes on.',
      }[why],
    );
    this.name = 'ContinuousInterruption';
    this.why = why;
  }
}

export interface ContinuousPlace {
  readonly vault: BackupVaultRecord;
  readonly resource: ResourceRecord;
  readonly source: SourceRecord;
}

/** Where it is stored and where it comes from; undefined for what does not exist any more. */
export async function placeOf(
  { stores }: Pick<ControlPorts, 'stores'>,
  record: ContinuousBackupRecord,
): Promise<Partial<ContinuousPlace>> {
  const vault = await stores.vaults.getById(record.vaultId);
  const resource = await stores.resources.get(record, record.resourceArn);
  const source = resource === undefined ? undefined : await stores.sources.get(record, resource.sourceName);
  return {
    ...(vault === undefined ? {} : { vault }),
    ...(resource === undefined ? {} : { resource }),
    ...(source === undefined ? {} : { source }),
  };
}

/** The same, when all of it must be there. @throws Error naming what is gone */
export async function requirePlace(
  ports: Pick<ControlPorts, 'stores'>,
  record: ContinuousBackupRecord,
): Promise<ContinuousPlace> {
  const { vault, resource, source } = await placeOf(ports, record);
  if (vault === undefined) throw new Error(`The backup vault of ${record.recoveryPointArn} does not exist any more.`);
  if (resource === undefined || source === undefined) {
    throw new Error(`Resource ${record.resourceArn} or its source does not exist any more.`);
  }
  return { vault, resource, source };
}
