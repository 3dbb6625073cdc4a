import type { Handlers } from '@holdfast/wire';
import { newEntityId } from '../identity/entity-id.ts';
import type { UserRecord } from '../identity/identity-records.ts';
import { nameKey } from '../identity/identity-store.ts';
import { GLOBAL_SCOPE, pageWhere } from '../records/record-collection.ts';
import { describeGroup, describeUser } from './describe-identity.ts';
import { findGroup, findPolicy, findUser, userNameOrOwn } from './find-identity.ts';
import { deleteConflict, entityAlreadyExists } from './iam-errors.ts';
import type { IamOperations } from './iam-operations.ts';
import { pageEnd, pageOf, pageOfList } from './iam-page.ts';
import type { IamPorts } from './iam-ports.ts';
import { checkName, checkPath, pathPrefix } from './names.ts';
import { USERS } from './policy-holder.ts';
import { mergeTags, tagList, tagsOf, withoutTags } from './tags.ts';

/** Users (IAM-8, IAM-9). */
export function userHandlers({ store, random }: IamPorts) {
  const change = async (accountId: string, name: string, edit: (user: UserRecord) => UserRecord): Promise<void> => {
    await store.transaction(async () => USERS.save(store, edit(await findUser(store, accountId, name))));
  };

  return {
    CreateUser: async (input, context) => {
      checkName('userName', input.UserName, 64);
      const user: UserRecord = {
        accountId: context.accountId,
        path: checkPath(input.Path),
        userName: input.UserName,
        userId: newEntityId('user', random),
        createdAt: context.now,
        tags: tagsOf(input.Tags),
        groupNames: [],
        permissionsBoundaryArn: input.PermissionsBoundary,
        accessKeyIds: [],
        inlinePolicies: {},
        attachedPolicyArns: [],
      };
      await store.transaction(async () => {
        if (input.PermissionsBoundary !== undefined)
          await findPolicy(store, context.accountId, input.PermissionsBoundary);
        if (!(await store.users.insert(context.accountId, nameKey(user.userName), user))) {
          throw entityAlreadyExists('User', user.userName);
        }
      });
      return { User: describeUser(user) };
    },

    GetUser: async (input, context) => {
      if (input.UserName === undefined && context.principal.type === 'Root') {
        const account = await store.accounts.get(GLOBAL_SCOPE, context.accountId);
        const CreateDate = new Date(account?.createdAt ?? 0);
        return { User: { Path: '/', UserName: '', UserId: context.accountId, Arn: context.principal.arn, CreateDate } };
      }
      const name = userNameOrOwn(input.UserName, context);
      return { User: describeUser(await findUser(store, context.accountId, name)) };
    },

    ListUsers: async (input, context) => {
      const prefix = pathPrefix(input.PathPrefix);
      const page = await pageWhere(
        store.users,
        context.accountId,
        pageOf(input),
        (user) => nameKey(user.userName),
        (user) => user.path.startsWith(prefix),
      );
      const Users = page.items.map((user) => describeUser({ ...user, tags: {}, permissionsBoundaryArn: undefined }));
      return { Users, ...pageEnd(page) };
    },

    UpdateUser: async (input, context) => {
      await store.transaction(async () => {
        const user = await findUser(store, context.accountId, input.UserName);
        const userName = input.NewUserName ?? user.userName;
        checkName('newUserName', userName, 64);
        const edited = { ...user, userName, path: checkPath(input.NewPath ?? user.path) };
        await store.users.delete(context.accountId, nameKey(user.userName));
        if (!(await store.users.insert(context.accountId, nameKey(userName), edited))) {
          throw entityAlreadyExists('User', userName);
        }
        for (const accessKeyId of user.accessKeyIds) {
          const key = await store.accessKeys.get(GLOBAL_SCOPE, accessKeyId);
          if (key !== undefined) await store.accessKeys.put(GLOBAL_SCOPE, accessKeyId, { ...key, userName });
        }
      });
      return {};
    },

    DeleteUser: async (input, context) => {
      await store.transaction(async () => {
        const user = await findUser(store, context.accountId, input.UserName);
        const obstacle = obstacleToDeletion(user);
        if (obstacle !== undefined) throw deleteConflict(`Cannot delete entity, must ${obstacle} first.`);
        await store.users.delete(context.accountId, nameKey(user.userName));
      });
      return {};
    },

    ListGroupsForUser: async (input, context) => {
      const user = await findUser(store, context.accountId, input.UserName);
      const page = pageOfList(user.groupNames, input);
      const groups = await Promise.all(page.items.map((name) => findGroup(store, context.accountId, name)));
      return { Groups: groups.map(describeGroup), ...pageEnd(page) };
    },

    PutUserPermissionsBoundary: async (input, context) => {
      await store.transaction(async () => {
        await findPolicy(store, context.accountId, input.PermissionsBoundary);
        const permissionsBoundaryArn = input.PermissionsBoundary;
        await change(context.accountId, input.UserName, (user) => ({ ...user, permissionsBoundaryArn }));
      });
      return {};
    },

    DeleteUserPermissionsBoundary: async (input, context) => {
      await change(context.accountId, input.UserName, (user) => ({ ...user, permissionsBoundaryArn: undefined }));
      return {};
    },

    TagUser: async (input, context) => {
      await change(context.accountId, input.UserName, (user) => ({ ...user, tags: mergeTags(user.tags, input.Tags) }));
      return {};
    },

    UntagUser: async (input, context) => {
      await change(context.accountId, input.UserName, (user) => ({
        ...user,
        tags: withoutTags(user.tags, input.TagKeys),
      }));
      return {};
    },

    ListUserTags: async (input, context) => {
      const user = await findUser(store, context.accountId, input.UserName);
      return { Tags: tagList(user.tags), IsTruncated: false };
    },
  } satisfies Handlers<IamOperations>;
}

function obstacleToDeletion(user: UserRecord): string | undefined {
  if (user.accessKeyIds.length > 0) return 'delete access keys';
  if (user.password !== undefined) return 'delete login profile';
  if (user.groupNames.length > 0) return 'remove users from group';
  if (user.attachedPolicyArns.length > 0) return 'detach all policies';
  return Object.keys(user.inlinePolicies).length > 0 ? 'delete policies' : undefined;
}
