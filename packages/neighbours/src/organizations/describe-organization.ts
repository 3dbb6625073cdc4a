import type { Account, Organization, OrganizationalUnit, PolicySummary, Root } from '@aws-sdk/client-organizations';
import {
  FULL_ACCESS_POLICY_ID,
  memberArn,
  organizationArn,
  organizationPolicyArn,
  parentArn,
} from './organization-arn.ts';
import type { MemberRecord, OrganizationPolicyRecord, OrganizationRecord, UnitRecord } from './organization-records.ts';

export function describeOrganization(
  organization: OrganizationRecord,
  management: MemberRecord | undefined,
): Organization {
  return {
    Id: organization.organizationId,
    Arn: organizationArn(organization),
    FeatureSet: 'ALL',
    MasterAccountArn: memberArn(organization, organization.managementAccountId),
    MasterAccountId: organization.managementAccountId,
    MasterAccountEmail: management?.email,
    AvailablePolicyTypes: organization.enabledPolicyTypes.map((Type) => ({ Type, Status: 'ENABLED' as const })),
  };
}

export function describeRoot(organization: OrganizationRecord): Root {
  return {
    Id: organization.rootId,
    Arn: parentArn(organization, organization.rootId),
    Name: 'Root',
    PolicyTypes: organization.enabledPolicyTypes.map((Type) => ({ Type, Status: 'ENABLED' as const })),
  };
}

export function describeMember(organization: OrganizationRecord, member: MemberRecord): Account {
  return {
    Id: member.accountId,
    Arn: memberArn(organization, member.accountId),
    Email: member.email,
    Name: member.name,
    Status: 'ACTIVE',
    State: 'ACTIVE',
    JoinedMethod: member.joinedMethod,
    JoinedTimestamp: new Date(member.joinedAt),
  };
}

export function describeUnit(organization: OrganizationRecord, unit: UnitRecord): OrganizationalUnit {
  return { Id: unit.unitId, Arn: parentArn(organization, unit.unitId), Name: unit.name };
}

export function describePolicy(organization: OrganizationRecord, policy: OrganizationPolicyRecord): PolicySummary {
  return {
    Id: policy.policyId,
    Arn: organizationPolicyArn(organization, policy),
    Name: policy.name,
    Description: policy.description,
    Type: policy.type,
    AwsManaged: policy.policyId === FULL_ACCESS_POLICY_ID,
  };
}
