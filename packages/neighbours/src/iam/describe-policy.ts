import type { Policy, PolicyVersion } from '@aws-sdk/client-iam';
import { identityArn } from '../identity/identity-arn.ts';
import type { ManagedPolicyRecord, PolicyVersionRecord } from '../identity/identity-records.ts';
import type { PolicyUses } from './policy-uses.ts';
import { tagList } from './tags.ts';

/** A managed policy as the API shows it. */
export function describePolicy(policy: ManagedPolicyRecord, uses: PolicyUses): Policy {
  const tags = tagList(policy.tags);
  return {
    PolicyName: policy.policyName,
    PolicyId: policy.policyId,
    Arn: identityArn('policy', policy.accountId, policy.path, policy.policyName),
    Path: policy.path,
    DefaultVersionId: policy.defaultVersionId,
    AttachmentCount: uses.attached,
    PermissionsBoundaryUsageCount: uses.boundaries,
    IsAttachable: !policy.path.startsWith('/aws-service-role/'),
    ...(policy.description === undefined ? {} : { Description: policy.description }),
    CreateDate: new Date(policy.createdAt),
    UpdateDate: new Date(policy.updatedAt),
    ...(tags.length === 0 ? {} : { Tags: tags }),
  };
}

/** One version of a policy; lists leave the document out. */
export function describeVersion(
  policy: ManagedPolicyRecord,
  version: PolicyVersionRecord,
  withDocument: boolean,
): PolicyVersion {
  return {
    ...(withDocument ? { Document: encodeURIComponent(version.document) } : {}),
    VersionId: version.versionId,
    IsDefaultVersion: version.versionId === policy.defaultVersionId,
    CreateDate: new Date(version.createdAt),
  };
}
