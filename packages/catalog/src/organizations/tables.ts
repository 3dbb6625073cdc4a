import type { RecordRow } from '../identity/record-table.ts';

export interface OrganizationTables {
  organizations: RecordRow;
  organization_members: RecordRow;
  organization_units: RecordRow;
  organization_policies: RecordRow;
  resource_shares: RecordRow;
}
