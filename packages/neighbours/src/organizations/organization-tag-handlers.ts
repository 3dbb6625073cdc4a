import { type Handlers, ServiceError } from '@holdfast/wire';
import { GLOBAL_SCOPE } from '../records/record-collection.ts';
import {
  asAdministrator,
  asManagement,
  callerOrganization,
  changeOrganization,
  findMember,
  findUnit,
} from './caller-organization.ts';
import { organizationArn } from './organization-arn.ts';
import { notFound } from './organization-errors.ts';
import type { OrganizationPorts } from './organization-ports.ts';
import type { OrganizationRecord } from './organization-records.ts';
import { tagList, tagMap } from './organization-tags.ts';
import type { OrganizationOperations } from './organizations-definition.ts';

type TagMap = Readonly<Record<string, string>>;

/** Tags of roots, units, accounts and policies, and the organisation's delegation policy (ORG-29). */
export function organizationTagHandlers({ store, random }: OrganizationPorts) {
  /** Reads the tags of whatever has that ID, and writes the edited ones when there is an edit. */
  const tagsOf = async (
    organization: OrganizationRecord,
    id: string,
    edit: (tags: TagMap) => TagMap = (tags) => tags,
  ): Promise<TagMap> => {
    const { organizationId } = organization;
    if (id === organization.rootId) {
      const changed = await changeOrganization(store, organization, (current) => ({
        ...current,
        rootTags: edit(current.rootTags),
      }));
      return changed.rootTags;
    }
    if (id.startsWith('ou-')) {
      const unit = await findUnit(store, organization, id);
      const tags = edit(unit.tags);
      await store.units.put(organizationId, id, { ...unit, tags });
      return tags;
    }
    if (id.startsWith('p-')) {
      const policy = await store.policies.get(organizationId, id);
      if (policy === undefined) throw notFound('Target', id);
      const tags = edit(policy.tags);
      await store.policies.put(organizationId, id, { ...policy, tags });
      return tags;
    }
    const member = await findMember(store, organization, id);
    const tags = edit(member.tags);
    await store.members.put(GLOBAL_SCOPE, id, { ...member, tags });
    return tags;
  };

  return {
    TagResource: async (input, context) => {
      const organization = await asAdministrator(store, context);
      await store.transaction(() => tagsOf(organization, input.ResourceId, (tags) => tagMap(input.Tags, tags)));
      return {};
    },

    UntagResource: async (input, context) => {
      const organization = await asAdministrator(store, context);
      const kept = (tags: TagMap): TagMap =>
        Object.fromEntries(Object.entries(tags).filter(([key]) => !input.TagKeys.includes(key)));
      await store.transaction(() => tagsOf(organization, input.ResourceId, kept));
      return {};
    },

    ListTagsForResource: async (input, context) => {
      const organization = await asAdministrator(store, context);
      const tags = await store.transaction(() => tagsOf(organization, input.ResourceId));
      return { Tags: tagList(tags) };
    },

    PutResourcePolicy: async (input, context) => {
      const organization = await asManagement(store, context);
      const id = organization.resourcePolicy?.id ?? `rp-${Buffer.from(random(5)).toString('hex')}`;
      const changed = await changeOrganization(store, organization, (current) => ({
        ...current,
        resourcePolicy: { id, content: input.Content },
      }));
      return { ResourcePolicy: describeResourcePolicy(changed) };
    },

    DescribeResourcePolicy: async (_input, context) => ({
      ResourcePolicy: describeResourcePolicy(await callerOrganization(store, context)),
    }),

    DeleteResourcePolicy: async (_input, context) => {
      const organization = await asManagement(store, context);
      describeResourcePolicy(organization);
      await changeOrganization(store, organization, (current) => ({ ...current, resourcePolicy: undefined }));
      return {};
    },
  } satisfies Handlers<OrganizationOperations>;
}

function describeResourcePolicy(organization: OrganizationRecord) {
  const { resourcePolicy } = organization;
  if (resourcePolicy === undefined) {
    throw new ServiceError('ResourcePolicyNotFoundException', 'The organization has no resource policy.');
  }
  const Arn = organizationArn(organization)
    .replace(':organization/', ':resourcepolicy/')
    .concat(`/${resourcePolicy.id}`);
  return { ResourcePolicySummary: { Id: resourcePolicy.id, Arn }, Content: resourcePolicy.content };
}
