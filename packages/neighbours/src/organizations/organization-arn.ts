import type { OrganizationPolicyRecord, OrganizationRecord } from './organization-records.ts';

type Owner = Pick<OrganizationRecord, 'organizationId' | 'managementAccountId'>;

export function organizationArn({ organizationId, managementAccountId }: Owner): string {
  return `arn:aws:organizations::${managementAccountId}:organization/${organizationId}`;
}

export function memberArn({ organizationId, managementAccountId }: Owner, accountId: string): string {
  return `arn:aws:organizations::${managementAccountId}:account/${organizationId}/${accountId}`;
}

/** ARN of a root or a unit. */
export function parentArn({ organizationId, managementAccountId }: Owner, parentId: string): string {
  const kind = parentId.startsWith('r-') ? 'root' : 'ou';
  return `arn:aws:organizations::${managementAccountId}:${kind}/${organizationId}/${parentId}`;
}

export function organizationPolicyArn(owner: Owner, policy: OrganizationPolicyRecord): string {
  const type = policy.type.toLowerCase();
  if (policy.policyId === FULL_ACCESS_POLICY_ID) return `arn:aws:organizations::aws:policy/${type}/${policy.policyId}`;
  return `arn:aws:organizations::${owner.managementAccountId}:policy/${owner.organizationId}/${type}/${policy.policyId}`;
}

/** The service control policy that every root, unit and account has to begin with. */
export const FULL_ACCESS_POLICY_ID = 'p-FullAWSAccess';
