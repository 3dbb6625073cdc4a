import type { OrganizationLookup } from '../authorization/organization-lookup.ts';
import type { OrganizationStore } from '../organizations/organization-store.ts';
import type { ShareDirectory } from './share-directory.ts';
import type { ShareStore } from './share-records.ts';

/** What the handlers of ram need. Times come with each request. */
export interface RamPorts {
  readonly store: ShareStore;
  readonly directory: ShareDirectory;
  readonly organizations: OrganizationLookup;
  readonly organizationStore: OrganizationStore;
  readonly uuid: () => string;
  /** Whether the account owns a resource with that ARN which may be shared: a logically air-gapped vault. */
  readonly isShareable: (accountId: string, resourceArn: string) => Promise<boolean>;
}

/** The service principal under which sharing within an organisation is switched on. */
export const RAM_SERVICE = 'ram.amazonaws.com';
