import { type Handlers, ServiceError } from '@holdfast/wire';
import { parsePolicy } from '../policy/parse-policy.ts';
import { MalformedPolicyError } from '../policy/policy-document.ts';
import { allRecords } from '../records/record-collection.ts';
import { asAdministrator, asManagement, changeOrganization } from './caller-organization.ts';
import { describePolicy, describeRoot } from './describe-organization.ts';
import { FULL_ACCESS_POLICY_ID } from './organization-arn.ts';
import { constraint, invalidInput, notFound } from './organization-errors.ts';
import { pageOf } from './organization-page.ts';
import { type OrganizationPorts, randomName } from './organization-ports.ts';
import type { OrganizationPolicyRecord, OrganizationPolicyType, OrganizationRecord } from './organization-records.ts';
import { tagMap } from './organization-tags.ts';
import type { OrganizationOperations } from './organizations-definition.ts';

const TYPES: ReadonlyMap<string, { readonly longest: number }> = new Map([
  ['SERVICE_CONTROL_POLICY', { longest: 5120 }],
  ['BACKUP_POLICY', { longest: 10_000 }],
  ['TAG_POLICY', { longest: 10_000 }],
  ['AISERVICES_OPT_OUT_POLICY', { longest: 2500 }],
]);

/** Policies of an organisation; those of the types SCP and backup have effect here (ORG-4, COPY-37). */
export function policyHandlers({ store, random }: OrganizationPorts) {
  const find = async ({ organizationId }: OrganizationRecord, policyId: string): Promise<OrganizationPolicyRecord> => {
    const policy = await store.policies.get(organizationId, policyId);
    if (policy === undefined) throw notFound('Policy', policyId);
    return policy;
  };
  const findOwn = async (organization: OrganizationRecord, policyId: string): Promise<OrganizationPolicyRecord> => {
    if (policyId === FULL_ACCESS_POLICY_ID) {
      throw invalidInput('IMMUTABLE_POLICY', 'You specified a policy that is managed by AWS and cannot be modified.');
    }
    return await find(organization, policyId);
  };
  const save = (policy: OrganizationPolicyRecord): Promise<void> =>
    store.policies.put(policy.organizationId, policy.policyId, policy);
  const checkNameIsFree = async (policy: OrganizationPolicyRecord): Promise<void> => {
    for (const other of await allRecords(store.policies, policy.organizationId)) {
      if (other.name === policy.name && other.type === policy.type && other.policyId !== policy.policyId) {
        throw new ServiceError('DuplicatePolicyException', `A policy with the name ${policy.name} already exists.`);
      }
    }
  };

  return {
    CreatePolicy: async (input, context) => {
      const organization = await asAdministrator(store, context);
      const type = policyType(input.Type);
      checkContent(type, input.Content);
      const policy: OrganizationPolicyRecord = {
        policyId: `p-${randomName(random, 10)}`,
        organizationId: organization.organizationId,
        type,
        name: input.Name,
        description: input.Description,
        content: input.Content,
        targetIds: [],
        tags: tagMap(input.Tags),
      };
      await store.transaction(async () => {
        await checkNameIsFree(policy);
        await save(policy);
      });
      return { Policy: { PolicySummary: describePolicy(organization, policy), Content: policy.content } };
    },

    DescribePolicy: async (input, context) => {
      const organization = await asAdministrator(store, context);
      const policy = await find(organization, input.PolicyId);
      return { Policy: { PolicySummary: describePolicy(organization, policy), Content: policy.content } };
    },

    UpdatePolicy: async (input, context) => {
      const organization = await asAdministrator(store, context);
      const policy = await store.transaction(async () => {
        const current = await findOwn(organization, input.PolicyId);
        const content = input.Content ?? current.content;
        checkContent(current.type, content);
        const changed = {
          ...current,
          name: input.Name ?? current.name,
          description: input.Description ?? current.description,
          content,
        };
        await checkNameIsFree(changed);
        await save(changed);
        return changed;
      });
      return { Policy: { PolicySummary: describePolicy(organization, policy), Content: policy.content } };
    },

    DeletePolicy: async (input, context) => {
      const organization = await asAdministrator(store, context);
      await store.transaction(async () => {
        const policy = await findOwn(organization, input.PolicyId);
        if (policy.targetIds.length > 0) {
          throw new ServiceError('PolicyInUseException', 'Detach the policy from everything before you delete it.');
        }
        await store.policies.delete(organization.organizationId, policy.policyId);
      });
      return {};
    },

    ListPolicies: async (input, context) => {
      const organization = await asAdministrator(store, context);
      const policies = await allRecords(store.policies, organization.organizationId);
      const wanted = policies.filter(({ type }) => type === input.Filter);
      const page = pageOf(wanted, ({ policyId }) => policyId, input);
      return { Policies: page.items.map((policy) => describePolicy(organization, policy)), ...page.end };
    },

    EnablePolicyType: async (input, context) => {
      const organization = await asManagement(store, context);
      checkRoot(organization, input.RootId);
      const type = policyType(input.PolicyType);
      const changed = await changeOrganization(store, organization, (current) => {
        if (current.enabledPolicyTypes.includes(type)) {
          throw new ServiceError('PolicyTypeAlreadyEnabledException', `The policy type ${type} is enabled already.`);
        }
        return { ...current, enabledPolicyTypes: [...current.enabledPolicyTypes, type] };
      });
      return { Root: describeRoot(changed) };
    },

    /** All attachments of that type end, as in AWS. */
    DisablePolicyType: async (input, context) => {
      const organization = await asManagement(store, context);
      checkRoot(organization, input.RootId);
      const type = policyType(input.PolicyType);
      const changed = await store.transaction(async () => {
        for (const policy of await allRecords(store.policies, organization.organizationId)) {
          const isToDetach = policy.type === type && policy.policyId !== FULL_ACCESS_POLICY_ID;
          if (isToDetach) await save({ ...policy, targetIds: [] });
        }
        return await changeOrganization(store, organization, (current) => {
          checkEnabled(current, type);
          return { ...current, enabledPolicyTypes: current.enabledPolicyTypes.filter((one) => one !== type) };
        });
      });
      return { Root: describeRoot(changed) };
    },
  } satisfies Handlers<OrganizationOperations>;
}

export function policyType(text: string): OrganizationPolicyType {
  if (TYPES.has(text)) return text as OrganizationPolicyType;
  throw invalidInput('INVALID_ENUM_POLICY_TYPE', `Policies of the type ${text} are not supported here.`);
}

export function checkEnabled(organization: OrganizationRecord, type: OrganizationPolicyType): void {
  if (organization.enabledPolicyTypes.includes(type)) return;
  throw new ServiceError(
    'PolicyTypeNotEnabledException',
    `The policy type ${type} is not enabled; call EnablePolicyType first.`,
  );
}

function checkRoot(organization: OrganizationRecord, rootId: string): void {
  if (rootId !== organization.rootId) throw notFound('Root', rootId);
}

function checkContent(type: OrganizationPolicyType, content: string): void {
  const longest = TYPES.get(type)?.longest ?? 0;
  if (content.length > longest) {
    throw constraint(
      'POLICY_CONTENT_LIMIT_EXCEEDED',
      `A policy of the type ${type} has at most ${longest} characters.`,
    );
  }
  try {
    if (type === 'SERVICE_CONTROL_POLICY') parsePolicy(content, 'service-control');
    else checkManagementPolicy(type, JSON.parse(content));
  } catch (error) {
    if (!(error instanceof MalformedPolicyError || error instanceof SyntaxError)) throw error;
    const message = `The provided policy document does not meet the requirements of the specified policy type: ${error.message}`;
    throw new ServiceError('MalformedPolicyDocumentException', message, { cause: error });
  }
}

/** Only the frame is checked: what is wrong inside a backup policy is left out when it takes effect (ORG-49). */
function checkManagementPolicy(type: OrganizationPolicyType, content: unknown): void {
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw new MalformedPolicyError('the document must be an object.');
  }
  const foreign = Object.keys(content).find((key) => key !== 'plans' && !key.startsWith('@@'));
  if (type === 'BACKUP_POLICY' && foreign !== undefined) {
    throw new MalformedPolicyError(`a backup policy has plans, and nothing named ${foreign}.`);
  }
}
