import { type Handlers, type RequestContext, ServiceError } from '@holdfast/wire';
import { allRecords, GLOBAL_SCOPE } from '../records/record-collection.ts';
import { asAdministrator, callerOrganization, findMember, isTarget } from './caller-organization.ts';
import { describePolicy } from './describe-organization.ts';
import { mergeInheritedPolicies } from './merge-inherited-policies.ts';
import { memberArn, parentArn } from './organization-arn.ts';
import { constraint, notFound, notPermitted } from './organization-errors.ts';
import { pageOf } from './organization-page.ts';
import type { OrganizationPorts } from './organization-ports.ts';
import type { OrganizationPolicyRecord, OrganizationRecord } from './organization-records.ts';
import type { OrganizationOperations } from './organizations-definition.ts';
import { checkEnabled, policyType } from './policy-handlers.ts';

const MOST_ATTACHED = { SERVICE_CONTROL_POLICY: 5, BACKUP_POLICY: 10, TAG_POLICY: 10, AISERVICES_OPT_OUT_POLICY: 5 };

/** To what policies are attached, and what comes out of it for an account. */
export function policyTargetHandlers({ store, directory }: OrganizationPorts) {
  const change = async (
    organization: OrganizationRecord,
    policyId: string,
    edit: (policy: OrganizationPolicyRecord) => Promise<readonly string[]>,
  ): Promise<void> => {
    await store.transaction(async () => {
      const policy = await store.policies.get(organization.organizationId, policyId);
      if (policy === undefined) throw notFound('Policy', policyId);
      await store.policies.put(organization.organizationId, policyId, { ...policy, targetIds: await edit(policy) });
    });
  };
  const attachedTo = async (organization: OrganizationRecord, targetId: string, type: string) =>
    (await allRecords(store.policies, organization.organizationId)).filter(
      (policy) => policy.type === type && policy.targetIds.includes(targetId),
    );

  return {
    AttachPolicy: async (input, context) => {
      const organization = await asAdministrator(store, context);
      if (!(await isTarget(store, organization, input.TargetId))) throw notFound('Target', input.TargetId);
      await change(organization, input.PolicyId, async (policy) => {
        checkEnabled(organization, policy.type);
        if (policy.targetIds.includes(input.TargetId)) {
          throw new ServiceError(
            'DuplicatePolicyAttachmentException',
            'The selected policy is already attached to the specified target.',
          );
        }
        const most = MOST_ATTACHED[policy.type];
        if ((await attachedTo(organization, input.TargetId, policy.type)).length >= most) {
          throw constraint(
            'MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED',
            `At most ${most} policies of this type can be attached.`,
          );
        }
        return [...policy.targetIds, input.TargetId];
      });
      return {};
    },

    DetachPolicy: async (input, context) => {
      const organization = await asAdministrator(store, context);
      await change(organization, input.PolicyId, async (policy) => {
        if (!policy.targetIds.includes(input.TargetId)) {
          throw new ServiceError('PolicyNotAttachedException', 'The policy is not attached to the specified target.');
        }
        if (
          policy.type === 'SERVICE_CONTROL_POLICY' &&
          (await attachedTo(organization, input.TargetId, policy.type)).length === 1
        ) {
          throw constraint(
            'MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED',
            'The last service control policy of a target cannot be detached.',
          );
        }
        return policy.targetIds.filter((id) => id !== input.TargetId);
      });
      return {};
    },

    ListPoliciesForTarget: async (input, context) => {
      const organization = await asAdministrator(store, context);
      if (!(await isTarget(store, organization, input.TargetId))) throw notFound('Target', input.TargetId);
      const page = pageOf(
        await attachedTo(organization, input.TargetId, input.Filter),
        ({ policyId }) => policyId,
        input,
      );
      return { Policies: page.items.map((policy) => describePolicy(organization, policy)), ...page.end };
    },

    ListTargetsForPolicy: async (input, context) => {
      const organization = await asAdministrator(store, context);
      const policy = await store.policies.get(organization.organizationId, input.PolicyId);
      if (policy === undefined) throw notFound('Policy', input.PolicyId);
      const page = pageOf(policy.targetIds, (id) => id, input);
      const Targets = await Promise.all(page.items.map((id) => describeTarget(organization, id)));
      return { Targets, ...page.end };
    },

    /** For oneself everybody may ask; for other accounts only administrators of the organisation. */
    DescribeEffectivePolicy: async (input, context) => {
      const organization = await callerOrganization(store, context);
      const targetId = input.TargetId ?? context.accountId;
      await checkMayAsk(context, targetId);
      const type = policyType(input.PolicyType);
      const member = await store.members.get(GLOBAL_SCOPE, targetId);
      if (member?.organizationId !== organization.organizationId) throw notFound('Target', targetId);
      const levels = organization.enabledPolicyTypes.includes(type)
        ? await directory.policiesByLevel(member, type)
        : [];
      const documents = levels.flat().map(({ content }) => JSON.parse(content));
      if (documents.length === 0) {
        throw new ServiceError(
          'EffectivePolicyNotFoundException',
          `No policy of the type ${type} reaches the account ${targetId}.`,
        );
      }
      return {
        EffectivePolicy: {
          PolicyContent: JSON.stringify(mergeInheritedPolicies(documents)),
          PolicyType: input.PolicyType,
          TargetId: targetId,
          LastUpdatedTimestamp: new Date(context.now),
        },
      };
    },
  } satisfies Handlers<OrganizationOperations>;

  async function checkMayAsk(context: RequestContext, targetId: string): Promise<void> {
    if (targetId !== context.accountId) await asAdministrator(store, context);
  }

  async function describeTarget(organization: OrganizationRecord, id: string) {
    if (/^\d{12}$/.test(id)) {
      const member = await findMember(store, organization, id);
      return { TargetId: id, Arn: memberArn(organization, id), Name: member.name, Type: 'ACCOUNT' as const };
    }
    const Arn = parentArn(organization, id);
    if (id === organization.rootId) return { TargetId: id, Arn, Name: 'Root', Type: 'ROOT' as const };
    const unit = await store.units.get(organization.organizationId, id);
    if (unit === undefined) throw notPermitted();
    return { TargetId: id, Arn, Name: unit.name, Type: 'ORGANIZATIONAL_UNIT' as const };
  }
}
