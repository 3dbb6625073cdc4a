import type { Handlers } from '@holdfast/wire';
import { newEntityId } from '../identity/entity-id.ts';
import type { GroupRecord } from '../identity/identity-records.ts';
import { nameKey } from '../identity/identity-store.ts';
import { everyRecord, pageWhere } from '../records/record-collection.ts';
import { describeGroup, describeUser } from './describe-identity.ts';
import { findGroup, findUser } from './find-identity.ts';
import { deleteConflict, entityAlreadyExists, limitExceeded, noSuchEntity } from './iam-errors.ts';
import type { IamOperations } from './iam-operations.ts';
import { pageEnd, pageOf } from './iam-page.ts';
import type { IamPorts } from './iam-ports.ts';
import { checkName, checkPath, pathPrefix } from './names.ts';
import { USERS } from './policy-holder.ts';

const MOST_GROUPS_OF_A_USER = 10;

/** Groups and their members; membership is kept with the user. */
export function groupHandlers({ store, random }: IamPorts) {
  const hasMembers = async (accountId: string, groupName: string): Promise<boolean> => {
    for await (const user of everyRecord(store.users, accountId)) if (user.groupNames.includes(groupName)) return true;
    return false;
  };

  return {
    CreateGroup: async (input, context) => {
      checkName('groupName', input.GroupName, 128);
      const group: GroupRecord = {
        accountId: context.accountId,
        path: checkPath(input.Path),
        groupName: input.GroupName,
        groupId: newEntityId('group', random),
        createdAt: context.now,
        inlinePolicies: {},
        attachedPolicyArns: [],
      };
      if (!(await store.groups.insert(context.accountId, nameKey(group.groupName), group))) {
        throw entityAlreadyExists('Group', group.groupName);
      }
      return { Group: describeGroup(group) };
    },

    /** The group with a page of its members. */
    GetGroup: async (input, context) => {
      const group = await findGroup(store, context.accountId, input.GroupName);
      const page = await pageWhere(
        store.users,
        context.accountId,
        pageOf(input),
        (user) => nameKey(user.userName),
        (user) => user.groupNames.includes(group.groupName),
      );
      return { Group: describeGroup(group), Users: page.items.map(describeUser), ...pageEnd(page) };
    },

    ListGroups: async (input, context) => {
      const prefix = pathPrefix(input.PathPrefix);
      const page = await pageWhere(
        store.groups,
        context.accountId,
        pageOf(input),
        (group) => nameKey(group.groupName),
        (group) => group.path.startsWith(prefix),
      );
      return { Groups: page.items.map(describeGroup), ...pageEnd(page) };
    },

    UpdateGroup: async (input, context) => {
      await store.transaction(async () => {
        const group = await findGroup(store, context.accountId, input.GroupName);
        const groupName = input.NewGroupName ?? group.groupName;
        checkName('newGroupName', groupName, 128);
        const edited = { ...group, groupName, path: checkPath(input.NewPath ?? group.path) };
        await store.groups.delete(context.accountId, nameKey(group.groupName));
        if (!(await store.groups.insert(context.accountId, nameKey(groupName), edited))) {
          throw entityAlreadyExists('Group', groupName);
        }
        for await (const user of everyRecord(store.users, context.accountId)) {
          if (!user.groupNames.includes(group.groupName)) continue;
          const groupNames = user.groupNames.map((name) => (name === group.groupName ? groupName : name));
          await USERS.save(store, { ...user, groupNames });
        }
      });
      return {};
    },

    DeleteGroup: async (input, context) => {
      await store.transaction(async () => {
        const group = await findGroup(store, context.accountId, input.GroupName);
        if (await hasMembers(context.accountId, group.groupName)) {
          throw deleteConflict('Cannot delete entity, must remove users from group first.');
        }
        if (group.attachedPolicyArns.length > 0) {
          throw deleteConflict('Cannot delete entity, must detach all policies first.');
        }
        if (Object.keys(group.inlinePolicies).length > 0) {
          throw deleteConflict('Cannot delete entity, must delete policies first.');
        }
        await store.groups.delete(context.accountId, nameKey(group.groupName));
      });
      return {};
    },

    AddUserToGroup: async (input, context) => {
      await store.transaction(async () => {
        const group = await findGroup(store, context.accountId, input.GroupName);
        const user = await findUser(store, context.accountId, input.UserName);
        if (user.groupNames.includes(group.groupName)) return;
        if (user.groupNames.length >= MOST_GROUPS_OF_A_USER) {
          throw limitExceeded(`Cannot exceed quota for GroupsPerUser: ${MOST_GROUPS_OF_A_USER}`);
        }
        await USERS.save(store, { ...user, groupNames: [...user.groupNames, group.groupName] });
      });
      return {};
    },

    RemoveUserFromGroup: async (input, context) => {
      await store.transaction(async () => {
        const group = await findGroup(store, context.accountId, input.GroupName);
        const user = await findUser(store, context.accountId, input.UserName);
        if (!user.groupNames.includes(group.groupName)) {
          throw noSuchEntity(`User ${user.userName} is not in the group ${group.groupName}.`);
        }
        await USERS.save(store, { ...user, groupNames: user.groupNames.filter((name) => name !== group.groupName) });
      });
      return {};
    },
  } satisfies Handlers<IamOperations>;
}
