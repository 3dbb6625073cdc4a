import type { BackupOperations } from '../action.ts';
import type { ProtectedResourceRecord } from './protected-resource-store.ts';

type ProtectedResource = NonNullable<BackupOperations['ListProtectedResources']['output']['Results']>[number];

/** A protected resource as the lists and DescribeProtectedResource show it (TYPE-154). */
export function presentProtectedResource(resource: ProtectedResourceRecord): ProtectedResource {
  return {
    ResourceArn: resource.resourceArn,
    ResourceType: resource.resourceType,
    ResourceName: resource.resourceName,
    LastBackupTime: new Date(resource.lastBackupAt),
    LastBackupVaultArn: resource.lastBackupVaultArn,
    LastRecoveryPointArn: resource.lastRecoveryPointArn,
  };
}
