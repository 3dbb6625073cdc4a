import type { Handlers } from '@holdfast/wire';
import { everyRecord, GLOBAL_SCOPE } from '../records/record-collection.ts';
import { entityAlreadyExists, noSuchEntity, validationError } from './iam-errors.ts';
import type { IamOperations } from './iam-operations.ts';
import type { IamPorts } from './iam-ports.ts';

const ALIAS = /^[a-z0-9](?:[a-z0-9]|-(?!-)){1,61}[a-z0-9]$/;

/** The account's alias: a name for its sign-in page, unique in the installation. */
export function accountAliasHandlers({ store }: IamPorts) {
  const setAlias = async (accountId: string, alias: string | undefined): Promise<void> => {
    const account = await store.accounts.get(GLOBAL_SCOPE, accountId);
    if (account === undefined) throw noSuchEntity(`The account ${accountId} cannot be found.`);
    await store.accounts.put(GLOBAL_SCOPE, accountId, { ...account, alias });
  };

  return {
    CreateAccountAlias: async (input, context) => {
      if (!ALIAS.test(input.AccountAlias)) {
        throw validationError('An account alias has 3 to 63 lower-case letters, digits and single hyphens.');
      }
      await store.transaction(async () => {
        for await (const { accountId, alias } of everyRecord(store.accounts, GLOBAL_SCOPE)) {
          if (alias === input.AccountAlias && accountId !== context.accountId) {
            throw entityAlreadyExists('An account alias', input.AccountAlias);
          }
        }
        await setAlias(context.accountId, input.AccountAlias);
      });
      return {};
    },

    DeleteAccountAlias: async (input, context) => {
      await store.transaction(async () => {
        const account = await store.accounts.get(GLOBAL_SCOPE, context.accountId);
        if (account?.alias !== input.AccountAlias) {
          throw noSuchEntity(`The account alias ${input.AccountAlias} cannot be found.`);
        }
        await setAlias(context.accountId, undefined);
      });
      return {};
    },

    ListAccountAliases: async (_input, context) => {
      const account = await store.accounts.get(GLOBAL_SCOPE, context.accountId);
      return { AccountAliases: account?.alias === undefined ? [] : [account.alias], IsTruncated: false };
    },
  } satisfies Handlers<IamOperations>;
}
