import type { RequestContext } from '@holdfast/wire';
import { GLOBAL_SCOPE } from '../records/record-collection.ts';
import { notFound, notInUse, notPermitted } from './organization-errors.ts';
import type { MemberRecord, OrganizationRecord, UnitRecord } from './organization-records.ts';
import type { OrganizationStore } from './organization-store.ts';

/** The caller's organisation. @throws ServiceError AWSOrganizationsNotInUseException */
export async function callerOrganization(
  store: OrganizationStore,
  context: RequestContext,
): Promise<OrganizationRecord> {
  const member = await store.members.get(GLOBAL_SCOPE, context.accountId);
  const organization =
    member === undefined ? undefined : await store.organizations.get(GLOBAL_SCOPE, member.organizationId);
  if (organization === undefined) throw notInUse();
  return organization;
}

/** For what only the management account may do (ORG-18). @throws ServiceError also AccessDeniedException */
export async function asManagement(store: OrganizationStore, context: RequestContext): Promise<OrganizationRecord> {
  const organization = await callerOrganization(store, context);
  if (organization.managementAccountId !== context.accountId) throw notPermitted();
  return organization;
}

/** For what delegated administrators may do as well: look at the tree, manage policies (ORG-15, ORG-18). */
export async function asAdministrator(store: OrganizationStore, context: RequestContext): Promise<OrganizationRecord> {
  const organization = await callerOrganization(store, context);
  const isDelegate = organization.delegatedAdministrators.some(({ accountId }) => accountId === context.accountId);
  if (organization.managementAccountId !== context.accountId && !isDelegate) throw notPermitted();
  return organization;
}

/** @throws ServiceError AccountNotFoundException */
export async function findMember(
  store: OrganizationStore,
  organization: OrganizationRecord,
  accountId: string,
): Promise<MemberRecord> {
  const member = await store.members.get(GLOBAL_SCOPE, accountId);
  if (member?.organizationId !== organization.organizationId) throw notFound('Account', accountId);
  return member;
}

/** @throws ServiceError OrganizationalUnitNotFoundException */
export async function findUnit(
  store: OrganizationStore,
  organization: OrganizationRecord,
  unitId: string,
): Promise<UnitRecord> {
  const unit = await store.units.get(organization.organizationId, unitId);
  if (unit === undefined) throw notFound('OrganizationalUnit', unitId);
  return unit;
}

/** Whether an ID is the root or a unit of the organisation. */
export async function isParent(
  store: OrganizationStore,
  organization: OrganizationRecord,
  id: string,
): Promise<boolean> {
  return id === organization.rootId || (await store.units.get(organization.organizationId, id)) !== undefined;
}

/** Whether a policy can be attached to an ID: root, unit or account. */
export async function isTarget(
  store: OrganizationStore,
  organization: OrganizationRecord,
  id: string,
): Promise<boolean> {
  if (await isParent(store, organization, id)) return true;
  return (await store.members.get(GLOBAL_SCOPE, id))?.organizationId === organization.organizationId;
}

/** Changes the organisation in one transaction. */
export async function changeOrganization(
  store: OrganizationStore,
  { organizationId }: OrganizationRecord,
  edit: (organization: OrganizationRecord) => OrganizationRecord,
): Promise<OrganizationRecord> {
  return await store.transaction(async () => {
    const current = await store.organizations.get(GLOBAL_SCOPE, organizationId);
    if (current === undefined) throw notInUse();
    const edited = edit(current);
    await store.organizations.put(GLOBAL_SCOPE, organizationId, edited);
    return edited;
  });
}
