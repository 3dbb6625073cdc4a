import type { Handlers } from '@holdfast/wire';
import { ServiceError } from '@holdfast/wire';
import type { PasswordRecord } from '../identity/identity-records.ts';
import { hashPassword, isPassword } from '../secrets/password-hash.ts';
import { findUser, userNameOrOwn } from './find-identity.ts';
import { entityAlreadyExists, noSuchEntity } from './iam-errors.ts';
import type { IamOperations } from './iam-operations.ts';
import type { IamPorts } from './iam-ports.ts';
import { USERS } from './policy-holder.ts';

const SHORTEST_PASSWORD = 12;
const LONGEST_PASSWORD = 128;

/** Passwords with which users sign in to the console (IAM-8). */
export function loginProfileHandlers({ store, random }: IamPorts) {
  const passwordRecord = async (password: string, now: number, isResetRequired: boolean): Promise<PasswordRecord> => {
    checkPassword(password);
    return { hash: await hashPassword(password, random), createdAt: now, isResetRequired };
  };

  return {
    CreateLoginProfile: async (input, context) => {
      const userName = userNameOrOwn(input.UserName, context);
      const password = await passwordRecord(input.Password ?? '', context.now, input.PasswordResetRequired === true);
      await store.transaction(async () => {
        const user = await findUser(store, context.accountId, userName);
        if (user.password !== undefined) throw entityAlreadyExists('Login Profile for User', userName);
        await USERS.save(store, { ...user, password });
      });
      return { LoginProfile: describe(userName, password) };
    },

    GetLoginProfile: async (input, context) => {
      const userName = userNameOrOwn(input.UserName, context);
      const { password } = await findUser(store, context.accountId, userName);
      if (password === undefined) throw noProfile(userName);
      return { LoginProfile: describe(userName, password) };
    },

    UpdateLoginProfile: async (input, context) => {
      const isResetRequired = input.PasswordResetRequired === true;
      const changed =
        input.Password === undefined ? undefined : await passwordRecord(input.Password, context.now, isResetRequired);
      await store.transaction(async () => {
        const user = await findUser(store, context.accountId, input.UserName);
        if (user.password === undefined) throw noProfile(input.UserName);
        await USERS.save(store, { ...user, password: changed ?? { ...user.password, isResetRequired } });
      });
      return {};
    },

    DeleteLoginProfile: async (input, context) => {
      const userName = userNameOrOwn(input.UserName, context);
      await store.transaction(async () => {
        const user = await findUser(store, context.accountId, userName);
        if (user.password === undefined) throw noProfile(userName);
        await USERS.save(store, { ...user, password: undefined });
      });
      return {};
    },

    ChangePassword: async (input, context) => {
      const userName = userNameOrOwn(undefined, context);
      const { password } = await findUser(store, context.accountId, userName);
      if (password === undefined) throw noProfile(userName);
      if (!(await isPassword(input.OldPassword, password.hash))) {
        throw new ServiceError('InvalidUserTypeException', 'The old password was incorrect.', { statusCode: 403 });
      }
      const changed = await passwordRecord(input.NewPassword, context.now, false);
      await store.transaction(async () => {
        await USERS.save(store, { ...(await findUser(store, context.accountId, userName)), password: changed });
      });
      return {};
    },
  } satisfies Handlers<IamOperations>;
}

function describe(UserName: string, password: PasswordRecord) {
  return { UserName, CreateDate: new Date(password.createdAt), PasswordResetRequired: password.isResetRequired };
}

function noProfile(userName: string): Error {
  return noSuchEntity(`Login Profile for User ${userName} cannot be found.`);
}

function checkPassword(password: string): void {
  if (password.length >= SHORTEST_PASSWORD && password.length <= LONGEST_PASSWORD) return;
  throw new ServiceError(
    'PasswordPolicyViolationException',
    `A password has ${SHORTEST_PASSWORD} to ${LONGEST_PASSWORD} characters.`,
  );
}
