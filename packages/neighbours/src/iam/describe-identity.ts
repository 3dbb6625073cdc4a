import type { Group, Role, User } from '@aws-sdk/client-iam';
import { identityArn } from '../identity/identity-arn.ts';
import type { GroupRecord, RoleRecord, UserRecord } from '../identity/identity-records.ts';
import { tagList } from './tags.ts';

/** A role as the API shows it. */
export function describeRole(role: RoleRecord): Role {
  const tags = tagList(role.tags);
  return {
    Path: role.path,
    RoleName: role.roleName,
    RoleId: role.roleId,
    Arn: identityArn('role', role.accountId, role.path, role.roleName),
    CreateDate: new Date(role.createdAt),
    AssumeRolePolicyDocument: encodeURIComponent(role.trustPolicy),
    ...(role.description === undefined ? {} : { Description: role.description }),
    MaxSessionDuration: role.maxSessionDurationSeconds,
    ...(tags.length === 0 ? {} : { Tags: tags }),
    ...describeBoundary(role.permissionsBoundaryArn),
    RoleLastUsed:
      role.lastUsed === undefined ? {} : { LastUsedDate: new Date(role.lastUsed.at), Region: role.lastUsed.region },
  };
}

function describeBoundary(arn: string | undefined): Pick<Role, 'PermissionsBoundary'> {
  if (arn === undefined) return {};
  return { PermissionsBoundary: { PermissionsBoundaryType: 'PermissionsBoundaryPolicy', PermissionsBoundaryArn: arn } };
}

/** A user as the API shows it. */
export function describeUser(user: UserRecord): User {
  const tags = tagList(user.tags);
  return {
    Path: user.path,
    UserName: user.userName,
    UserId: user.userId,
    Arn: identityArn('user', user.accountId, user.path, user.userName),
    CreateDate: new Date(user.createdAt),
    ...(user.passwordLastUsedAt === undefined ? {} : { PasswordLastUsed: new Date(user.passwordLastUsedAt) }),
    ...(tags.length === 0 ? {} : { Tags: tags }),
    ...describeBoundary(user.permissionsBoundaryArn),
  };
}

/** A group as the API shows it. */
export function describeGroup(group: GroupRecord): Group {
  return {
    Path: group.path,
    GroupName: group.groupName,
    GroupId: group.groupId,
    Arn: identityArn('group', group.accountId, group.path, group.groupName),
    CreateDate: new Date(group.createdAt),
  };
}
