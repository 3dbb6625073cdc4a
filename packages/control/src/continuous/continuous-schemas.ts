/** Operations of the service `holdfast` on continuous backups: their windows, and how their captures are doing. */
import { describe } from '@holdfast/wire';

const { enumeration, integer, label, list, operation, query, required, string, structure, timestamp } = describe;

const Gap = structure('RestorableGap', { FromDate: required(timestamp()), ToDate: required(timestamp()) });

const Capture = structure('ContinuousCapture', {
  RecoveryPointArn: required(string()),
  ResourceArn: required(string()),
  ResourceType: required(string()),
  /** `log`: a database's log is captured without end. `versions`: a store's versions are read again and again. */
  Nature: required(enumeration('log', 'versions')),
  State: required(enumeration('STARTING', 'ACTIVE', 'STOPPING', 'STOPPED', 'DELETING')),
  StateReason: string(),
  CreationDate: required(timestamp()),
  /** What the rule says, and what is kept now: they differ for a time after the rule's days were lowered. */
  RetentionDays: required(integer()),
  KeptDays: required(integer()),
  EarliestRestorableDate: timestamp(),
  LatestRestorableDate: timestamp(),
  /** How far the latest restorable time lies back. */
  LagSeconds: integer(),
  Gaps: required(list(Gap)),
  /** The worker that cares for it now. */
  WorkerId: string(),
  LastStoredDate: timestamp(),
  LastError: string(),
  LastErrorDate: timestamp(),
  /** How often in a row. */
  ErrorCount: integer(),
  NextTryDate: timestamp(),
});

export const continuousSchemas = {
  GetContinuousBackup: operation('GetContinuousBackup', {
    http: ['GET', '/recovery-points/{RecoveryPointArn}/continuous', 200],
    input: structure('GetContinuousBackupInput', { RecoveryPointArn: label(string()) }),
    output: structure('GetContinuousBackupOutput', { Capture: required(Capture) }),
  }),
  ListContinuousBackups: operation('ListContinuousBackups', {
    http: ['GET', '/continuous-backups', 200],
    input: structure('ListContinuousBackupsInput', {
      MaxResults: query('maxResults', integer({ min: 1, max: 1000 })),
      NextToken: query('nextToken', string()),
    }),
    output: structure('ListContinuousBackupsOutput', { Captures: required(list(Capture)), NextToken: string() }),
  }),
};
