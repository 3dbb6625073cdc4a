import type { OrganizationLookup } from '../authorization/organization-lookup.ts';
import { parseArn } from '../policy/arn.ts';
import { everyRecord } from '../records/record-collection.ts';
import type { ResourceShareRecord, ShareAssociation, ShareStore } from './share-records.ts';

/** Answers what is shared with whom, for the services whose resources are shared. */
export class ShareDirectory {
  readonly #store: ShareStore;
  readonly #organizations: OrganizationLookup;

  constructor(store: ShareStore, organizations: OrganizationLookup) {
    this.#store = store;
    this.#organizations = organizations;
  }

  /** ARNs of the resources of other accounts that an account may use in a region, ascending. */
  async resourcesSharedWith(accountId: string, region: string): Promise<readonly string[]> {
    const arns = new Set<string>();
    for (const share of await this.sharesWith(accountId, region)) {
      for (const { entity } of activeResources(share)) arns.add(entity);
    }
    return [...arns].sort();
  }

  /** Whether one resource is shared with an account. */
  async isSharedWith(accountId: string, resourceArn: string): Promise<boolean> {
    const region = parseArn(resourceArn)?.region ?? '';
    const shares = await this.sharesWith(accountId, region);
    return shares.some((share) => activeResources(share).some(({ entity }) => entity === resourceArn));
  }

  /** Shares of others in which an account takes part, by itself or through its unit or organisation. */
  async sharesWith(accountId: string, region: string): Promise<readonly ResourceShareRecord[]> {
    const place = await this.#organizations.placeOf(accountId);
    const isMeant = ({ entity, type, status }: ShareAssociation): boolean => {
      if (type !== 'PRINCIPAL' || status !== 'ASSOCIATED') return false;
      if (entity === accountId) return true;
      const id = entity.split('/').at(-1) ?? '';
      return place !== undefined && entity.includes(':organizations:') && place.path.split('/').includes(id);
    };
    const shares: ResourceShareRecord[] = [];
    for await (const share of everyRecord(this.#store.shares, region)) {
      if (share.status === 'ACTIVE' && share.ownerAccountId !== accountId && share.associations.some(isMeant)) {
        shares.push(share);
      }
    }
    return shares;
  }
}

export function activeResources(share: ResourceShareRecord): readonly ShareAssociation[] {
  return share.associations.filter(({ type, status }) => type === 'RESOURCE' && status === 'ASSOCIATED');
}
