import type { OrganizationStore, ShareStore } from '@holdfast/neighbours';
import type { Catalog } from '../database/catalog.ts';
import { RecordTable } from '../identity/record-table.ts';
import type { OrganizationTables } from './tables.ts';

/** Organisations with their members, units and policies, and shares of resources between accounts. */
export function createOrganizationStore(catalog: Catalog): OrganizationStore & ShareStore {
  const table = <T>(name: keyof OrganizationTables): RecordTable<T> => new RecordTable<T>(catalog, name);
  return {
    transaction: (work) => catalog.transaction(work),
    organizations: table('organizations'),
    members: table('organization_members'),
    units: table('organization_units'),
    policies: table('organization_policies'),
    shares: table('resource_shares'),
  };
}
