/** What an operation of backup is about; decides the resource that policies see (IAM-15, IAM-22). */
export type BackupResourceKind =
  | 'any'
  | 'vault'
  | 'recovery point'
  | 'plan'
  | 'new plan'
  | 'framework'
  | 'report plan'
  | 'restore testing plan'
  | 'tiering configuration'
  | 'legal hold'
  | 'resource ARN'
  | 'access point';

/** Operations by what they are about. Those that are about nothing in particular need `"Resource": "*"`. */
const OPERATIONS: Readonly<Record<BackupResourceKind, string>> = {
  any: `CreateFramework CreateLegalHold CreateReportPlan CreateRestoreTestingPlan CreateTieringConfiguration
    DescribeBackupJob DescribeCopyJob DescribeGlobalSettings DescribeProtectedResource DescribeRegionSettings
    DescribeReportJob DescribeRestoreJob DescribeScanJob GetBackupPlanFromJSON GetBackupPlanFromTemplate
    GetRestoreJobMetadata GetSupportedResourceTypes ListBackupAccessPoints ListBackupAccessPointsByResource
    ListBackupJobSummaries ListBackupJobs ListBackupPlanTemplates ListBackupPlans ListBackupVaults
    ListCopyJobSummaries ListCopyJobs ListFrameworks ListIndexedRecoveryPoints ListLegalHolds ListProtectedResources
    ListRecoveryPointsByResource ListReportJobs ListReportPlans ListRestoreJobSummaries ListRestoreJobs
    ListRestoreJobsByProtectedResource ListRestoreTestingPlans ListScanJobSummaries ListScanJobs
    ListTieringConfigurations PutRestoreValidationResult StopBackupJob UpdateGlobalSettings UpdateRegionSettings`,
  vault: `AssociateBackupVaultMpaApprovalTeam CreateBackupVault CreateLogicallyAirGappedBackupVault
    CreateRestoreAccessBackupVault DeleteBackupVault DeleteBackupVaultAccessPolicy DeleteBackupVaultLockConfiguration
    DeleteBackupVaultNotifications DescribeBackupVault DisassociateBackupVaultMpaApprovalTeam
    GetBackupVaultAccessPolicy GetBackupVaultNotifications ListProtectedResourcesByBackupVault
    ListRecoveryPointsByBackupVault ListRestoreAccessBackupVaults PutBackupVaultAccessPolicy
    PutBackupVaultLockConfiguration PutBackupVaultNotifications RevokeRestoreAccessBackupVault StartBackupJob`,
  'recovery point': `CreateBackupAccessPoint DeleteRecoveryPoint DescribeRecoveryPoint DisassociateRecoveryPoint
    DisassociateRecoveryPointFromParent GetPITRMalwareScanResults GetRecoveryPointIndexDetails
    GetRecoveryPointRestoreMetadata GetRestoreTestingInferredMetadata ListBackupAccessPointsByRecoveryPoint
    StartCopyJob StartRestoreJob StartScanJob UpdateRecoveryPointIndexSettings UpdateRecoveryPointLifecycle`,
  plan: `CreateBackupSelection DeleteBackupPlan DeleteBackupSelection ExportBackupPlanTemplate GetBackupPlan
    GetBackupSelection ListBackupPlanVersions ListBackupSelections UpdateBackupPlan`,
  'new plan': 'CreateBackupPlan',
  framework: 'DeleteFramework DescribeFramework UpdateFramework',
  'report plan': 'DeleteReportPlan DescribeReportPlan StartReportJob UpdateReportPlan',
  'restore testing plan': `CreateRestoreTestingSelection DeleteRestoreTestingPlan DeleteRestoreTestingSelection
    GetRestoreTestingPlan GetRestoreTestingSelection ListRestoreTestingSelections UpdateRestoreTestingPlan
    UpdateRestoreTestingSelection`,
  'tiering configuration': 'DeleteTieringConfiguration GetTieringConfiguration UpdateTieringConfiguration',
  'legal hold': 'CancelLegalHold GetLegalHold ListRecoveryPointsByLegalHold',
  'resource ARN': 'ListTags TagResource UntagResource',
  'access point': 'DeleteBackupAccessPoint DescribeBackupAccessPoint',
};

/** Operation name to what it is about. */
export const BACKUP_OPERATIONS: ReadonlyMap<string, BackupResourceKind> = new Map(
  Object.entries(OPERATIONS).flatMap(([kind, names]) =>
    names.split(/\s+/).map((name) => [name, kind as BackupResourceKind] as const),
  ),
);
