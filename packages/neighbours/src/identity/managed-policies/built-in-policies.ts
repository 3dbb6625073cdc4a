import { createHash } from 'node:crypto';
import { ID_PREFIX } from '../entity-id.ts';
import { identityArn } from '../identity-arn.ts';
import type { ManagedPolicyRecord } from '../identity-records.ts';
import type { BuiltInPolicy } from './policy-text.ts';
import {
  gatewayPolicyForMetadataSync,
  serviceLinkedRolePolicyForBackup,
  servicePolicyForBackupReports,
  servicePolicyForBackupRestoreTesting,
} from './service-linked.ts';
import { serviceRolePolicyForBackup } from './service-role-backup.ts';
import { serviceRolePolicyForRestores } from './service-role-restores.ts';
import { serviceRolePolicyForS3Backup, serviceRolePolicyForS3Restore } from './service-role-s3.ts';
import {
  administratorAccess,
  backupAuditAccess,
  backupDataTransferAccess,
  backupFullAccess,
  backupOperatorAccess,
  backupOrganizationAdminAccess,
  backupRestoreAccessForSapHana,
} from './user-policies.ts';

/** The account in the ARNs of policies that come with the installation. */
export const BUILT_IN_ACCOUNT = 'aws';

/** The change log of the policies begins here (IAM-74). */
const CREATED_AT = Date.UTC(2021, 2, 10);

const POLICIES: readonly BuiltInPolicy[] = [
  administratorAccess,
  backupAuditAccess,
  backupDataTransferAccess,
  backupFullAccess,
  backupOperatorAccess,
  backupOrganizationAdminAccess,
  backupRestoreAccessForSapHana,
  gatewayPolicyForMetadataSync,
  serviceLinkedRolePolicyForBackup,
  servicePolicyForBackupReports,
  servicePolicyForBackupRestoreTesting,
  serviceRolePolicyForBackup,
  serviceRolePolicyForRestores,
  serviceRolePolicyForS3Backup,
  serviceRolePolicyForS3Restore,
];

/** Every provider-managed policy (IAM-69) by its ARN, in the form in which own policies are kept. */
export const BUILT_IN_POLICIES: ReadonlyMap<string, ManagedPolicyRecord> = new Map(
  POLICIES.map((policy) => [identityArn('policy', BUILT_IN_ACCOUNT, policy.path, policy.policyName), toRecord(policy)]),
);

function toRecord(policy: BuiltInPolicy): ManagedPolicyRecord {
  const updatedAt = Math.max(CREATED_AT, Date.parse(policy.updatedOn));
  const document = JSON.stringify({ Version: '2012-10-17', Statement: policy.statements }, null, 2);
  return {
    accountId: BUILT_IN_ACCOUNT,
    policyName: policy.policyName,
    path: policy.path,
    policyId: policyId(policy.policyName),
    description: policy.description,
    createdAt: CREATED_AT,
    updatedAt,
    versions: [{ versionId: 'v1', document, createdAt: updatedAt }],
    defaultVersionId: 'v1',
    tags: {},
  };
}

/** The same in every installation, as the policies themselves are. */
function policyId(name: string): string {
  return ID_PREFIX.policy + createHash('sha256').update(name).digest('hex').slice(0, 16).toUpperCase();
}
