import type { Principal } from '@holdfast/wire';
import { parseIdentityArn } from '../identity/identity-arn.ts';
import { type IdentityStore, nameKey } from '../identity/identity-store.ts';
import { GLOBAL_SCOPE } from '../records/record-collection.ts';

/** Whether whoever made a request earlier still exists; a user or role made anew under an old name is somebody else. */
export async function isPrincipalThere(store: IdentityStore, principal: Principal): Promise<boolean> {
  const { accountId, userId } = principal;
  if (principal.type === 'Root') return (await store.accounts.get(GLOBAL_SCOPE, accountId)) !== undefined;
  if (principal.type === 'AssumedRole') {
    const role = parseIdentityArn(principal.roleArn ?? '');
    const found = role === undefined ? undefined : await store.roles.get(role.accountId, nameKey(role.name));
    return found !== undefined && userId.startsWith(`${found.roleId}:`);
  }
  const user = parseIdentityArn(principal.arn);
  const found = user === undefined ? undefined : await store.users.get(accountId, nameKey(user.name));
  return found?.userId === userId;
}
