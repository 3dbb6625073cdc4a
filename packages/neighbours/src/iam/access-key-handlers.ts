import type { Handlers, RequestContext } from '@holdfast/wire';
import { createAccessKey } from '../identity/create-access-key.ts';
import type { AccessKeyRecord } from '../identity/identity-records.ts';
import { GLOBAL_SCOPE } from '../records/record-collection.ts';
import { findUser, userNameOrOwn } from './find-identity.ts';
import { limitExceeded, noSuchEntity, validationError } from './iam-errors.ts';
import type { IamOperations } from './iam-operations.ts';
import { pageEnd, pageOfList } from './iam-page.ts';
import type { IamPorts } from './iam-ports.ts';
import { USERS } from './policy-holder.ts';

const MOST_KEYS = 2;

/** Access keys of users (IAM-10). The secret is in the answer to `CreateAccessKey` and nowhere else, ever. */
export function accessKeyHandlers(ports: IamPorts) {
  const { store } = ports;
  const findKey = async (
    input: { readonly UserName?: string | undefined; readonly AccessKeyId: string },
    context: RequestContext,
  ): Promise<AccessKeyRecord & { readonly userName: string }> => {
    const userName = userNameOrOwn(input.UserName, context);
    const user = await findUser(store, context.accountId, userName);
    const key = await store.accessKeys.get(GLOBAL_SCOPE, input.AccessKeyId);
    if (key === undefined || !user.accessKeyIds.includes(input.AccessKeyId)) {
      throw noSuchEntity(`The Access Key with id ${input.AccessKeyId} cannot be found.`);
    }
    return { ...key, userName: user.userName };
  };

  return {
    CreateAccessKey: async (input, context) => {
      const userName = userNameOrOwn(input.UserName, context);
      const { key, secretAccessKey } = await store.transaction(async () => {
        const user = await findUser(store, context.accountId, userName);
        if (user.accessKeyIds.length >= MOST_KEYS) {
          throw limitExceeded(`Cannot exceed quota for AccessKeysPerUser: ${MOST_KEYS}`);
        }
        return await createAccessKey(ports, user, context.now);
      });
      return {
        AccessKey: {
          UserName: userName,
          AccessKeyId: key.accessKeyId,
          Status: key.status,
          SecretAccessKey: secretAccessKey,
          CreateDate: new Date(key.createdAt),
        },
      };
    },

    ListAccessKeys: async (input, context) => {
      const userName = userNameOrOwn(input.UserName, context);
      const user = await findUser(store, context.accountId, userName);
      const page = pageOfList(user.accessKeyIds, input);
      const keys = await Promise.all(page.items.map((id) => store.accessKeys.get(GLOBAL_SCOPE, id)));
      const AccessKeyMetadata = keys
        .filter((key) => key !== undefined)
        .map(({ accessKeyId, status, createdAt }) => ({
          UserName: user.userName,
          AccessKeyId: accessKeyId,
          Status: status,
          CreateDate: new Date(createdAt),
        }));
      return { AccessKeyMetadata, ...pageEnd(page) };
    },

    UpdateAccessKey: async (input, context) => {
      const status = input.Status;
      if (status !== 'Active' && status !== 'Inactive') {
        throw validationError('The status of an access key is Active or Inactive.');
      }
      await store.transaction(async () => {
        const key = await findKey(input, context);
        await store.accessKeys.put(GLOBAL_SCOPE, key.accessKeyId, { ...key, status });
      });
      return {};
    },

    DeleteAccessKey: async (input, context) => {
      await store.transaction(async () => {
        const key = await findKey(input, context);
        const user = await findUser(store, context.accountId, key.userName);
        const accessKeyIds = user.accessKeyIds.filter((id) => id !== key.accessKeyId);
        await USERS.save(store, { ...user, accessKeyIds });
        await store.accessKeys.delete(GLOBAL_SCOPE, key.accessKeyId);
      });
      return {};
    },

    GetAccessKeyLastUsed: async (input, context) => {
      const key = await store.accessKeys.get(GLOBAL_SCOPE, input.AccessKeyId);
      if (key === undefined || key.accountId !== context.accountId) {
        throw noSuchEntity(`The Access Key with id ${input.AccessKeyId} cannot be found.`);
      }
      const { lastUsed } = key;
      return {
        UserName: key.userName,
        AccessKeyLastUsed:
          lastUsed === undefined
            ? { LastUsedDate: undefined, ServiceName: 'N/A', Region: 'N/A' }
            : { LastUsedDate: new Date(lastUsed.at), ServiceName: lastUsed.service, Region: lastUsed.region },
      };
    },
  } satisfies Handlers<IamOperations>;
}
