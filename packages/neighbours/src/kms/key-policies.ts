/** The policy of a key that was made without one: the account's own identity policies decide. */
export function defaultKeyPolicy(accountId: string): string {
  return policy('key-default-1', [
    {
      Sid: 'Enable IAM User Permissions',
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${accountId}:root` },
      Action: 'kms:*',
      Resource: '*',
    },
  ]);
}

const BACKUP_KEY_ACTIONS = [
  'kms:Encrypt',
  'kms:Decrypt',
  'kms:ReEncrypt*',
  'kms:GenerateDataKey*',
  'kms:CreateGrant',
  'kms:DescribeKey',
];

/** The policy of `alias/aws/backup`: used only through the backup service, looked at by the account. */
export function backupKeyPolicy(accountId: string, region: string): string {
  return policy('auto-backup-1', [
    {
      Sid: 'Allow access through Backup for all principals in the account that are authorized to use Backup Storage',
      Effect: 'Allow',
      Principal: { AWS: '*' },
      Action: BACKUP_KEY_ACTIONS,
      Resource: '*',
      Condition: {
        StringEquals: { 'kms:CallerAccount': accountId, 'kms:ViaService': `backup.${region}.amazonaws.com` },
      },
    },
    {
      Sid: 'Allow direct access to key metadata to the account',
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${accountId}:root` },
      Action: ['kms:Describe*', 'kms:Get*', 'kms:List*', 'kms:RevokeGrant'],
      Resource: '*',
    },
  ]);
}

function policy(Id: string, Statement: readonly object[]): string {
  return JSON.stringify({ Version: '2012-10-17', Id, Statement }, null, 2);
}
