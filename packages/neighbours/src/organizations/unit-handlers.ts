import { type Handlers, ServiceError } from '@holdfast/wire';
import { allRecords, GLOBAL_SCOPE } from '../records/record-collection.ts';
import { attachFullAccess } from './account-handlers.ts';
import { asAdministrator, asManagement, findMember, findUnit, isParent } from './caller-organization.ts';
import { describeUnit } from './describe-organization.ts';
import { notFound } from './organization-errors.ts';
import { pageOf } from './organization-page.ts';
import { type OrganizationPorts, randomName } from './organization-ports.ts';
import type { UnitRecord } from './organization-records.ts';
import type { OrganizationOperations } from './organizations-definition.ts';

/** Organisational units: the tree between root and accounts. */
export function unitHandlers({ store, random }: OrganizationPorts) {
  const checkNameIsFree = async (organizationId: string, parentId: string, name: string): Promise<void> => {
    for (const unit of await allRecords(store.units, organizationId)) {
      if (unit.parentId === parentId && unit.name === name) {
        throw new ServiceError(
          'DuplicateOrganizationalUnitException',
          `An OU with the name ${name} already exists there.`,
        );
      }
    }
  };

  return {
    CreateOrganizationalUnit: async (input, context) => {
      const organization = await asManagement(store, context);
      const { organizationId, rootId } = organization;
      const unit: UnitRecord = {
        unitId: `ou-${rootId.slice(2)}-${randomName(random, 8)}`,
        organizationId,
        parentId: input.ParentId,
        name: input.Name,
        tags: Object.fromEntries((input.Tags ?? []).map(({ Key, Value }) => [Key, Value])),
      };
      await store.transaction(async () => {
        if (!(await isParent(store, organization, input.ParentId))) throw notFound('Parent', input.ParentId);
        await checkNameIsFree(organizationId, input.ParentId, input.Name);
        await store.units.put(organizationId, unit.unitId, unit);
        await attachFullAccess(store, organization, unit.unitId);
      });
      return { OrganizationalUnit: describeUnit(organization, unit) };
    },

    DescribeOrganizationalUnit: async (input, context) => {
      const organization = await asAdministrator(store, context);
      const unit = await findUnit(store, organization, input.OrganizationalUnitId);
      return { OrganizationalUnit: describeUnit(organization, unit) };
    },

    UpdateOrganizationalUnit: async (input, context) => {
      const organization = await asManagement(store, context);
      const unit = await store.transaction(async () => {
        const current = await findUnit(store, organization, input.OrganizationalUnitId);
        if (input.Name === undefined || input.Name === current.name) return current;
        await checkNameIsFree(organization.organizationId, current.parentId, input.Name);
        const renamed = { ...current, name: input.Name };
        await store.units.put(organization.organizationId, current.unitId, renamed);
        return renamed;
      });
      return { OrganizationalUnit: describeUnit(organization, unit) };
    },

    DeleteOrganizationalUnit: async (input, context) => {
      const organization = await asManagement(store, context);
      const { organizationId } = organization;
      await store.transaction(async () => {
        const { unitId } = await findUnit(store, organization, input.OrganizationalUnitId);
        const units = await allRecords(store.units, organizationId);
        const members = await allRecords(store.members, GLOBAL_SCOPE);
        if ([...units, ...members].some(({ parentId }) => parentId === unitId)) {
          throw new ServiceError('OrganizationalUnitNotEmptyException', 'Move or delete everything in the OU first.');
        }
        await store.units.delete(organizationId, unitId);
        for (const policy of await allRecords(store.policies, organizationId)) {
          const targetIds = policy.targetIds.filter((id) => id !== unitId);
          if (targetIds.length < policy.targetIds.length) {
            await store.policies.put(organizationId, policy.policyId, { ...policy, targetIds });
          }
        }
      });
      return {};
    },

    ListOrganizationalUnitsForParent: async (input, context) => {
      const organization = await asAdministrator(store, context);
      if (!(await isParent(store, organization, input.ParentId))) throw notFound('Parent', input.ParentId);
      const units = await allRecords(store.units, organization.organizationId);
      const inside = units.filter(({ parentId }) => parentId === input.ParentId);
      const page = pageOf(inside, ({ unitId }) => unitId, input);
      return { OrganizationalUnits: page.items.map((unit) => describeUnit(organization, unit)), ...page.end };
    },

    ListChildren: async (input, context) => {
      const organization = await asAdministrator(store, context);
      if (!(await isParent(store, organization, input.ParentId))) throw notFound('Parent', input.ParentId);
      const ids =
        input.ChildType === 'ACCOUNT'
          ? (await allRecords(store.members, GLOBAL_SCOPE))
              .filter((one) => one.organizationId === organization.organizationId && one.parentId === input.ParentId)
              .map(({ accountId }) => accountId)
          : (await allRecords(store.units, organization.organizationId))
              .filter(({ parentId }) => parentId === input.ParentId)
              .map(({ unitId }) => unitId);
      const page = pageOf(ids, (id) => id, input);
      return { Children: page.items.map((Id) => ({ Id, Type: input.ChildType })), ...page.end };
    },

    ListParents: async (input, context) => {
      const organization = await asAdministrator(store, context);
      const { parentId } = input.ChildId.startsWith('ou-')
        ? await findUnit(store, organization, input.ChildId)
        : await findMember(store, organization, input.ChildId);
      return { Parents: [{ Id: parentId, Type: parentId.startsWith('r-') ? 'ROOT' : 'ORGANIZATIONAL_UNIT' }] };
    },
  } satisfies Handlers<OrganizationOperations>;
}
