import type { OrganizationLookup, OrganizationPlace } from '../authorization/organization-lookup.ts';
import { PolicyCache } from '../policy/policy-cache.ts';
import { allRecords, everyRecord, GLOBAL_SCOPE } from '../records/record-collection.ts';
import { mergeInheritedPolicies, type PlainPolicy } from './merge-inherited-policies.ts';
import type {
  MemberRecord,
  OrganizationPolicyRecord,
  OrganizationPolicyType,
  OrganizationRecord,
} from './organization-records.ts';
import type { OrganizationStore } from './organization-store.ts';

/** The service whose delegated administrators may see and manage backups of the whole organisation (ORG-25). */
export const BACKUP_SERVICE = 'backup.amazonaws.com';

/** An account's organisation, as the backup service needs it. */
export interface OrganizationMembership {
  readonly organizationId: string;
  readonly managementAccountId: string;
  readonly isManagementAccount: boolean;
  /** Delegated administrator of backup (ORG-16). */
  readonly isDelegatedAdministrator: boolean;
  /** All accounts of the organisation, ascending. */
  readonly accountIds: readonly string[];
}

/** The effective backup policy of an account: plain values, without operators (ORG-67). */
export interface EffectiveBackupPolicy {
  readonly accountId: string;
  readonly organizationId: string;
  readonly managementAccountId: string;
  readonly policy: { readonly [key: string]: PlainPolicy };
}

/** Answers questions about organisations for everybody but their own API. */
export class OrganizationDirectory implements OrganizationLookup {
  readonly #store: OrganizationStore;
  readonly #cache = new PolicyCache();

  constructor(store: OrganizationStore) {
    this.#store = store;
  }

  async placeOf(accountId: string): Promise<OrganizationPlace | undefined> {
    const member = await this.#store.members.get(GLOBAL_SCOPE, accountId);
    if (member === undefined) return undefined;
    const organization = await this.#organization(member);
    const chain = await this.chainOf(member);
    const isLimited =
      accountId !== organization.managementAccountId &&
      organization.enabledPolicyTypes.includes('SERVICE_CONTROL_POLICY');
    const levels = isLimited ? await this.policiesByLevel(member, 'SERVICE_CONTROL_POLICY') : [];
    return {
      organizationId: organization.organizationId,
      managementAccountId: organization.managementAccountId,
      path: `${[organization.organizationId, ...chain.slice(0, -1)].join('/')}/`,
      serviceControl: levels.map((policies) =>
        policies.map(({ name, content }) => ({ name, document: this.#cache.parse(content, 'service-control') })),
      ),
    };
  }

  async membership(accountId: string): Promise<OrganizationMembership | undefined> {
    const member = await this.#store.members.get(GLOBAL_SCOPE, accountId);
    if (member === undefined) return undefined;
    const organization = await this.#organization(member);
    const accountIds: string[] = [];
    for await (const other of everyRecord(this.#store.members, GLOBAL_SCOPE)) {
      if (other.organizationId === member.organizationId) accountIds.push(other.accountId);
    }
    return {
      organizationId: organization.organizationId,
      managementAccountId: organization.managementAccountId,
      isManagementAccount: organization.managementAccountId === accountId,
      isDelegatedAdministrator: organization.delegatedAdministrators.some(
        (one) => one.accountId === accountId && one.servicePrincipal === BACKUP_SERVICE,
      ),
      accountIds,
    };
  }

  /** The root, the units and the account itself, from the top down. */
  async chainOf(member: MemberRecord): Promise<readonly string[]> {
    const chain = [member.accountId];
    let parentId = member.parentId;
    while (!parentId.startsWith('r-')) {
      chain.unshift(parentId);
      const unit = await this.#store.units.get(member.organizationId, parentId);
      if (unit === undefined)
        throw new Error(`The unit ${parentId} that holds account ${member.accountId} is missing.`);
      parentId = unit.parentId;
    }
    return [parentId, ...chain];
  }

  /** Policies of a type that reach an account: one list per level from the root down, each in the order of names. */
  async policiesByLevel(
    member: MemberRecord,
    type: OrganizationPolicyType,
  ): Promise<readonly (readonly OrganizationPolicyRecord[])[]> {
    const policies = (await allRecords(this.#store.policies, member.organizationId))
      .filter((policy) => policy.type === type)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    return (await this.chainOf(member)).map((id) => policies.filter(({ targetIds }) => targetIds.includes(id)));
  }

  /** What the backup policies come to for each account that some of them reach (ORG-4). */
  async effectiveBackupPolicies(): Promise<readonly EffectiveBackupPolicy[]> {
    const found: EffectiveBackupPolicy[] = [];
    for (const member of await allRecords(this.#store.members, GLOBAL_SCOPE)) {
      const { organizationId, managementAccountId, enabledPolicyTypes } = await this.#organization(member);
      if (!enabledPolicyTypes.includes('BACKUP_POLICY')) continue;
      const documents = (await this.policiesByLevel(member, 'BACKUP_POLICY')).flat();
      if (documents.length === 0) continue;
      const policy = mergeInheritedPolicies(documents.map(({ content }) => JSON.parse(content) as object));
      found.push({ accountId: member.accountId, organizationId, managementAccountId, policy });
    }
    return found;
  }

  async #organization(member: MemberRecord): Promise<OrganizationRecord> {
    const organization = await this.#store.organizations.get(GLOBAL_SCOPE, member.organizationId);
    if (organization === undefined) throw new Error(`The organisation ${member.organizationId} is missing.`);
    return organization;
  }
}
