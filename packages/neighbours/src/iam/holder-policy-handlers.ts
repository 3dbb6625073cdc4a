import type { Handlers } from '@holdfast/wire';
import { holderPolicies } from './holder-policies.ts';
import type { IamOperations } from './iam-operations.ts';
import type { IamPorts } from './iam-ports.ts';
import { GROUPS, ROLES, USERS } from './policy-holder.ts';

/** The operations on inline and attached policies, of users, groups and roles alike. */
export function holderPolicyHandlers(ports: IamPorts) {
  const users = holderPolicies(ports, USERS);
  const groups = holderPolicies(ports, GROUPS);
  const roles = holderPolicies(ports, ROLES);
  return {
    PutUserPolicy: async (input, { accountId }) =>
      await users.putInline(accountId, input.UserName, input.PolicyName, input.PolicyDocument),
    GetUserPolicy: async (input, { accountId }) => ({
      UserName: input.UserName,
      ...(await users.getInline(accountId, input.UserName, input.PolicyName)),
    }),
    DeleteUserPolicy: async (input, { accountId }) =>
      await users.deleteInline(accountId, input.UserName, input.PolicyName),
    ListUserPolicies: async (input, { accountId }) => await users.listInline(accountId, input.UserName, input),
    AttachUserPolicy: async (input, { accountId }) => await users.attach(accountId, input.UserName, input.PolicyArn),
    DetachUserPolicy: async (input, { accountId }) => await users.detach(accountId, input.UserName, input.PolicyArn),
    ListAttachedUserPolicies: async (input, { accountId }) =>
      await users.listAttached(accountId, input.UserName, input),

    PutGroupPolicy: async (input, { accountId }) =>
      await groups.putInline(accountId, input.GroupName, input.PolicyName, input.PolicyDocument),
    GetGroupPolicy: async (input, { accountId }) => ({
      GroupName: input.GroupName,
      ...(await groups.getInline(accountId, input.GroupName, input.PolicyName)),
    }),
    DeleteGroupPolicy: async (input, { accountId }) =>
      await groups.deleteInline(accountId, input.GroupName, input.PolicyName),
    ListGroupPolicies: async (input, { accountId }) => await groups.listInline(accountId, input.GroupName, input),
    AttachGroupPolicy: async (input, { accountId }) => await groups.attach(accountId, input.GroupName, input.PolicyArn),
    DetachGroupPolicy: async (input, { accountId }) => await groups.detach(accountId, input.GroupName, input.PolicyArn),
    ListAttachedGroupPolicies: async (input, { accountId }) =>
      await groups.listAttached(accountId, input.GroupName, input),

    PutRolePolicy: async (input, { accountId }) =>
      await roles.putInline(accountId, input.RoleName, input.PolicyName, input.PolicyDocument),
    GetRolePolicy: async (input, { accountId }) => ({
      RoleName: input.RoleName,
      ...(await roles.getInline(accountId, input.RoleName, input.PolicyName)),
    }),
    DeleteRolePolicy: async (input, { accountId }) =>
      await roles.deleteInline(accountId, input.RoleName, input.PolicyName),
    ListRolePolicies: async (input, { accountId }) => await roles.listInline(accountId, input.RoleName, input),
    AttachRolePolicy: async (input, { accountId }) => await roles.attach(accountId, input.RoleName, input.PolicyArn),
    DetachRolePolicy: async (input, { accountId }) => await roles.detach(accountId, input.RoleName, input.PolicyArn),
    ListAttachedRolePolicies: async (input, { accountId }) =>
      await roles.listAttached(accountId, input.RoleName, input),
  } satisfies Handlers<IamOperations>;
}
