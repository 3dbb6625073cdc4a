import type { GroupRecord, RoleRecord, UserRecord } from '../identity/identity-records.ts';
import type { IdentityStore } from '../identity/identity-store.ts';
import { allRecords } from '../records/record-collection.ts';

/** How many users, groups and roles a policy is attached to, and how many it limits as a boundary. */
export interface PolicyUses {
  readonly attached: number;
  readonly boundaries: number;
}

export interface PolicyHolders {
  readonly users: readonly UserRecord[];
  readonly groups: readonly GroupRecord[];
  readonly roles: readonly RoleRecord[];
}

/** Everybody in the account that policies can hang on. */
export async function readHolders(store: IdentityStore, accountId: string): Promise<PolicyHolders> {
  return {
    users: await allRecords(store.users, accountId),
    groups: await allRecords(store.groups, accountId),
    roles: await allRecords(store.roles, accountId),
  };
}

/** Counts the uses of all policies in one pass. */
export async function countUses(store: IdentityStore, accountId: string): Promise<(arn: string) => PolicyUses> {
  const { users, groups, roles } = await readHolders(store, accountId);
  const attached = new Map<string, number>();
  const boundaries = new Map<string, number>();
  const add = (counts: Map<string, number>, arn: string): void => void counts.set(arn, (counts.get(arn) ?? 0) + 1);
  for (const holder of [...users, ...groups, ...roles]) for (const arn of holder.attachedPolicyArns) add(attached, arn);
  for (const { permissionsBoundaryArn } of [...users, ...roles]) {
    if (permissionsBoundaryArn !== undefined) add(boundaries, permissionsBoundaryArn);
  }
  return (arn) => ({ attached: attached.get(arn) ?? 0, boundaries: boundaries.get(arn) ?? 0 });
}

/** The uses of one policy. */
export async function policyUses(store: IdentityStore, accountId: string, arn: string): Promise<PolicyUses> {
  return (await countUses(store, accountId))(arn);
}
