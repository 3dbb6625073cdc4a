import type { Handlers } from '@holdfast/wire';
import { newEntityId } from '../identity/entity-id.ts';
import { identityArn } from '../identity/identity-arn.ts';
import type { ManagedPolicyRecord } from '../identity/identity-records.ts';
import { nameKey } from '../identity/identity-store.ts';
import { BUILT_IN_POLICIES } from '../identity/managed-policies/built-in-policies.ts';
import { everyRecord } from '../records/record-collection.ts';
import { describePolicy } from './describe-policy.ts';
import { findOwnPolicy, findPolicy } from './find-identity.ts';
import { checkPolicyDocument, deleteConflict, entityAlreadyExists } from './iam-errors.ts';
import type { IamOperations } from './iam-operations.ts';
import { pageEnd, pageOfList } from './iam-page.ts';
import type { IamPorts } from './iam-ports.ts';
import { checkName, checkPath, pathPrefix } from './names.ts';
import { countUses, policyUses } from './policy-uses.ts';
import { mergeTags, tagList, tagsOf, withoutTags } from './tags.ts';

export const LONGEST_MANAGED_POLICY = 6144;

/** Managed policies: the account's own and, to look at and attach, those that come with the installation (IAM-68). */
export function managedPolicyHandlers({ store, random }: IamPorts) {
  const changeTags = async (
    accountId: string,
    arn: string,
    edit: (tags: ManagedPolicyRecord['tags']) => ManagedPolicyRecord['tags'],
  ): Promise<void> => {
    await store.transaction(async () => {
      const policy = await findOwnPolicy(store, accountId, arn);
      await store.policies.put(accountId, nameKey(policy.policyName), { ...policy, tags: edit(policy.tags) });
    });
  };

  return {
    CreatePolicy: async (input, context) => {
      checkName('policyName', input.PolicyName, 128);
      checkPolicyDocument(input.PolicyDocument, 'identity', LONGEST_MANAGED_POLICY);
      const policy: ManagedPolicyRecord = {
        accountId: context.accountId,
        policyName: input.PolicyName,
        path: checkPath(input.Path),
        policyId: newEntityId('policy', random),
        description: input.Description,
        createdAt: context.now,
        updatedAt: context.now,
        versions: [{ versionId: 'v1', document: input.PolicyDocument, createdAt: context.now }],
        defaultVersionId: 'v1',
        tags: tagsOf(input.Tags),
      };
      if (!(await store.policies.insert(context.accountId, nameKey(policy.policyName), policy))) {
        throw entityAlreadyExists('A policy called', policy.policyName);
      }
      return { Policy: describePolicy(policy, { attached: 0, boundaries: 0 }) };
    },

    GetPolicy: async (input, context) => {
      const policy = await findPolicy(store, context.accountId, input.PolicyArn);
      return { Policy: describePolicy(policy, await policyUses(store, context.accountId, input.PolicyArn)) };
    },

    ListPolicies: async (input, context) => {
      const scope = input.Scope ?? 'All';
      const candidates = new Map<string, ManagedPolicyRecord>(scope === 'Local' ? [] : BUILT_IN_POLICIES);
      if (scope !== 'AWS') {
        for await (const policy of everyRecord(store.policies, context.accountId)) {
          candidates.set(identityArn('policy', policy.accountId, policy.path, policy.policyName), policy);
        }
      }
      const uses = await countUses(store, context.accountId);
      const prefix = pathPrefix(input.PathPrefix);
      const wanted = [...candidates].filter(([arn, policy]) => {
        if (!policy.path.startsWith(prefix)) return false;
        const { attached, boundaries } = uses(arn);
        if (input.PolicyUsageFilter === 'PermissionsBoundary') return boundaries > 0;
        return input.OnlyAttached !== true || attached > 0;
      });
      const page = pageOfList(
        wanted.map(([arn]) => arn),
        input,
      );
      const Policies = page.items.flatMap((arn) => {
        const policy = candidates.get(arn);
        // As in AWS, a list tells neither description nor tags.
        return policy === undefined ? [] : [describePolicy({ ...policy, description: undefined, tags: {} }, uses(arn))];
      });
      return { Policies, ...pageEnd(page) };
    },

    DeletePolicy: async (input, context) => {
      await store.transaction(async () => {
        const policy = await findOwnPolicy(store, context.accountId, input.PolicyArn);
        const { attached, boundaries } = await policyUses(store, context.accountId, input.PolicyArn);
        if (attached + boundaries > 0) throw deleteConflict('Cannot delete a policy attached to entities.');
        if (policy.versions.length > 1) {
          throw deleteConflict(
            "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.",
          );
        }
        await store.policies.delete(context.accountId, nameKey(policy.policyName));
      });
      return {};
    },

    TagPolicy: async (input, context) => {
      await changeTags(context.accountId, input.PolicyArn, (tags) => mergeTags(tags, input.Tags));
      return {};
    },

    UntagPolicy: async (input, context) => {
      await changeTags(context.accountId, input.PolicyArn, (tags) => withoutTags(tags, input.TagKeys));
      return {};
    },

    ListPolicyTags: async (input, context) => {
      const policy = await findPolicy(store, context.accountId, input.PolicyArn);
      return { Tags: tagList(policy.tags), IsTruncated: false };
    },
  } satisfies Handlers<IamOperations>;
}
