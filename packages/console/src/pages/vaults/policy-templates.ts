/** Policies to start from: the four of the guide. Vault policies name every action in full (VAULT-18). */

interface PolicyPlace {
  readonly vaultArn: string;
  readonly accountId: string;
}

const VAULT_ACTIONS = [
  'backup:DescribeBackupVault',
  'backup:DeleteBackupVault',
  'backup:PutBackupVaultAccessPolicy',
  'backup:DeleteBackupVaultAccessPolicy',
  'backup:GetBackupVaultAccessPolicy',
  'backup:StartBackupJob',
  'backup:GetBackupVaultNotifications',
  'backup:PutBackupVaultNotifications',
  'backup:DeleteBackupVaultNotifications',
  'backup:ListRecoveryPointsByBackupVault',
];

const POINT_ACTIONS = [
  'backup:UpdateRecoveryPointLifecycle',
  'backup:DescribeRecoveryPoint',
  'backup:DeleteRecoveryPoint',
  'backup:GetRecoveryPointRestoreMetadata',
  'backup:StartRestoreJob',
];

const TEMPLATES: Readonly<Record<string, (place: PolicyPlace) => object>> = {
  denyDeletion: ({ accountId }) => ({
    Effect: 'Deny',
    Principal: '*',
    Action: 'backup:DeleteRecoveryPoint',
    Resource: '*',
    Condition: { ArnNotEquals: { 'aws:PrincipalArn': [`arn:aws:iam::${accountId}:user/administrator`] } },
  }),
  denyVault: ({ vaultArn, accountId }) => ({
    Effect: 'Deny',
    Principal: { AWS: `arn:aws:iam::${accountId}:role/MyRole` },
    Action: VAULT_ACTIONS,
    Resource: vaultArn,
  }),
  denyPoints: ({ accountId }) => ({
    Effect: 'Deny',
    Principal: { AWS: `arn:aws:iam::${accountId}:role/MyRole` },
    Action: POINT_ACTIONS,
    Resource: '*',
  }),
  allowCopyInto: ({ accountId }) => ({
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${accountId}:root` },
    Action: 'backup:CopyIntoBackupVault',
    Resource: '*',
  }),
};

export const POLICY_TEMPLATES = Object.keys(TEMPLATES);

/** The text of a template's policy; undefined for an unknown name. */
export function policyTemplate(name: string, place: PolicyPlace): string | undefined {
  const statement = TEMPLATES[name]?.(place);
  if (statement === undefined) return undefined;
  return JSON.stringify({ Version: '2012-10-17', Statement: [{ Sid: name, ...statement }] }, null, 2);
}
