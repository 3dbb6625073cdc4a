import { GLOBAL_SCOPE } from '../records/record-collection.ts';
import type { SecretBox } from '../secrets/secret-box.ts';
import { newEntityId, newSecretAccessKey, type RandomBytes } from './entity-id.ts';
import type { AccessKeyRecord, UserRecord } from './identity-records.ts';
import { type IdentityStore, nameKey } from './identity-store.ts';

export interface AccessKeyPorts {
  readonly store: IdentityStore;
  readonly box: SecretBox;
  readonly random: RandomBytes;
}

/** Gives a user a new access key. The secret is returned once; kept is only its sealed form. */
export async function createAccessKey(
  { store, box, random }: AccessKeyPorts,
  user: UserRecord,
  now: number,
): Promise<{ readonly key: AccessKeyRecord; readonly secretAccessKey: string }> {
  const accessKeyId = newEntityId('accessKey', random);
  const secretAccessKey = newSecretAccessKey(random);
  const key: AccessKeyRecord = {
    accessKeyId,
    accountId: user.accountId,
    userName: user.userName,
    sealedSecret: box.sealText(secretAccessKey, accessKeyId),
    status: 'Active',
    createdAt: now,
  };
  await store.transaction(async () => {
    await store.accessKeys.put(GLOBAL_SCOPE, accessKeyId, key);
    const accessKeyIds = [...user.accessKeyIds, accessKeyId];
    await store.users.put(user.accountId, nameKey(user.userName), { ...user, accessKeyIds });
  });
  return { key, secretAccessKey };
}
