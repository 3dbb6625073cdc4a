import type { Handlers } from '@holdfast/wire';
import type { ManagedPolicyRecord, PolicyVersionRecord } from '../identity/identity-records.ts';
import { nameKey } from '../identity/identity-store.ts';
import { describeVersion } from './describe-policy.ts';
import { findOwnPolicy, findPolicy } from './find-identity.ts';
import { checkPolicyDocument, deleteConflict, limitExceeded, noSuchEntity } from './iam-errors.ts';
import type { IamOperations } from './iam-operations.ts';
import type { IamPorts } from './iam-ports.ts';
import { LONGEST_MANAGED_POLICY } from './managed-policy-handlers.ts';
import { readHolders } from './policy-uses.ts';

const MOST_VERSIONS = 5;

/** Versions of managed policies, and who uses a policy. */
export function policyVersionHandlers({ store }: IamPorts) {
  const change = async (
    accountId: string,
    arn: string,
    edit: (policy: ManagedPolicyRecord) => ManagedPolicyRecord,
  ): Promise<ManagedPolicyRecord> =>
    await store.transaction(async () => {
      const policy = edit(await findOwnPolicy(store, accountId, arn));
      await store.policies.put(accountId, nameKey(policy.policyName), policy);
      return policy;
    });

  return {
    CreatePolicyVersion: async (input, context) => {
      checkPolicyDocument(input.PolicyDocument, 'identity', LONGEST_MANAGED_POLICY);
      const policy = await change(context.accountId, input.PolicyArn, (current) =>
        withVersion(current, input.PolicyDocument, input.SetAsDefault === true, context.now),
      );
      const [newest] = policy.versions;
      if (newest === undefined) throw new Error(`The policy ${input.PolicyArn} has no versions.`);
      return { PolicyVersion: describeVersion(policy, newest, false) };
    },

    GetPolicyVersion: async (input, context) => {
      const policy = await findPolicy(store, context.accountId, input.PolicyArn);
      return { PolicyVersion: describeVersion(policy, findVersion(policy, input.VersionId), true) };
    },

    ListPolicyVersions: async (input, context) => {
      const policy = await findPolicy(store, context.accountId, input.PolicyArn);
      return {
        Versions: policy.versions.map((version) => describeVersion(policy, version, false)),
        IsTruncated: false,
      };
    },

    DeletePolicyVersion: async (input, context) => {
      await change(context.accountId, input.PolicyArn, (policy) => {
        const { versionId } = findVersion(policy, input.VersionId);
        if (versionId === policy.defaultVersionId) {
          throw deleteConflict('Cannot delete the default version of a policy.');
        }
        return { ...policy, versions: policy.versions.filter((version) => version.versionId !== versionId) };
      });
      return {};
    },

    SetDefaultPolicyVersion: async (input, context) => {
      await change(context.accountId, input.PolicyArn, (policy) => ({
        ...policy,
        defaultVersionId: findVersion(policy, input.VersionId).versionId,
        updatedAt: context.now,
      }));
      return {};
    },

    ListEntitiesForPolicy: async (input, context) => {
      await findPolicy(store, context.accountId, input.PolicyArn);
      const { users, groups, roles } = await readHolders(store, context.accountId);
      const filter = input.EntityFilter;
      const asBoundary = input.PolicyUsageFilter === 'PermissionsBoundary';
      const uses = (holder: { attachedPolicyArns: readonly string[]; permissionsBoundaryArn?: string | undefined }) =>
        asBoundary
          ? holder.permissionsBoundaryArn === input.PolicyArn
          : holder.attachedPolicyArns.includes(input.PolicyArn);
      const shown = (kind: string): boolean => filter === undefined || filter === kind;
      return {
        PolicyUsers: shown('User')
          ? users.filter(uses).map(({ userName, userId }) => ({ UserName: userName, UserId: userId }))
          : [],
        PolicyGroups: shown('Group')
          ? groups.filter(uses).map(({ groupName, groupId }) => ({ GroupName: groupName, GroupId: groupId }))
          : [],
        PolicyRoles: shown('Role')
          ? roles.filter(uses).map(({ roleName, roleId }) => ({ RoleName: roleName, RoleId: roleId }))
          : [],
        IsTruncated: false,
      };
    },
  } satisfies Handlers<IamOperations>;
}

/** Numbers are never used twice: the newest version, which could be deleted, may not be the one with the highest number. */
function withVersion(
  policy: ManagedPolicyRecord,
  document: string,
  isDefault: boolean,
  now: number,
): ManagedPolicyRecord {
  if (policy.versions.length >= MOST_VERSIONS) {
    throw limitExceeded(
      `A managed policy can have up to ${MOST_VERSIONS} versions. Before you create a new version, you must delete an existing version.`,
    );
  }
  const number = (policy.lastVersionNumber ?? 1) + 1;
  const version: PolicyVersionRecord = { versionId: `v${number}`, document, createdAt: now };
  return {
    ...policy,
    versions: [version, ...policy.versions],
    lastVersionNumber: number,
    defaultVersionId: isDefault ? version.versionId : policy.defaultVersionId,
    updatedAt: now,
  };
}

function findVersion(policy: ManagedPolicyRecord, versionId: string): PolicyVersionRecord {
  const version = policy.versions.find((candidate) => candidate.versionId === versionId);
  if (version === undefined)
    throw noSuchEntity(`Policy ${policy.policyName} version ${versionId} does not exist or is not attachable.`);
  return version;
}
