import type * as sdk from '@aws-sdk/client-backup';
import type { Handler, SdkOperations } from '@holdfast/wire';

/** Inputs and outputs of AWS Backup's operations, as the SDK states them. */
export type BackupOperations = SdkOperations<typeof sdk>;

/** The handler of one operation of AWS Backup. Each `actions/<action-name>.ts` makes one from the ports. */
export type BackupHandler<Name extends keyof BackupOperations> = Handler<
  BackupOperations[Name]['input'],
  BackupOperations[Name]['output']
>;
