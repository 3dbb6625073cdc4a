import type { Handlers } from '@holdfast/wire';
import { newEntityId } from '../identity/entity-id.ts';
import type { RoleRecord } from '../identity/identity-records.ts';
import { nameKey } from '../identity/identity-store.ts';
import { pageWhere } from '../records/record-collection.ts';
import { describeRole } from './describe-identity.ts';
import { findPolicy, findRole } from './find-identity.ts';
import { checkPolicyDocument, deleteConflict, entityAlreadyExists, validationError } from './iam-errors.ts';
import type { IamOperations } from './iam-operations.ts';
import { pageEnd, pageOf } from './iam-page.ts';
import type { IamPorts } from './iam-ports.ts';
import { checkName, checkPath, pathPrefix } from './names.ts';
import { checkNotServiceLinked, ROLES } from './policy-holder.ts';
import { mergeTags, tagList, tagsOf, withoutTags } from './tags.ts';

const LONGEST_TRUST_POLICY = 4096;

/** Roles and their trust policies (IAM-33, IAM-36). */
export function roleHandlers({ store, random }: IamPorts) {
  const change = async (accountId: string, name: string, edit: (role: RoleRecord) => RoleRecord): Promise<RoleRecord> =>
    await store.transaction(async () => {
      const role = await findRole(store, accountId, name);
      const edited = edit(role);
      await ROLES.save(store, edited);
      return edited;
    });

  return {
    CreateRole: async (input, context) => {
      checkName('roleName', input.RoleName, 64);
      const path = checkPath(input.Path);
      if (path.startsWith('/aws-service-role/')) {
        throw validationError('Roles under /aws-service-role/ are made with CreateServiceLinkedRole.');
      }
      checkPolicyDocument(input.AssumeRolePolicyDocument, 'trust', LONGEST_TRUST_POLICY);
      const role: RoleRecord = {
        accountId: context.accountId,
        path,
        roleName: input.RoleName,
        roleId: newEntityId('role', random),
        createdAt: context.now,
        trustPolicy: input.AssumeRolePolicyDocument,
        description: checkDescription(input.Description),
        maxSessionDurationSeconds: checkDuration(input.MaxSessionDuration),
        tags: tagsOf(input.Tags),
        permissionsBoundaryArn: input.PermissionsBoundary,
        inlinePolicies: {},
        attachedPolicyArns: [],
      };
      await store.transaction(async () => {
        if (input.PermissionsBoundary !== undefined)
          await findPolicy(store, context.accountId, input.PermissionsBoundary);
        if (!(await store.roles.insert(context.accountId, nameKey(role.roleName), role))) {
          throw entityAlreadyExists('Role', role.roleName);
        }
      });
      return { Role: describeRole(role) };
    },

    GetRole: async (input, context) => ({
      Role: describeRole(await findRole(store, context.accountId, input.RoleName)),
    }),

    ListRoles: async (input, context) => {
      const prefix = pathPrefix(input.PathPrefix);
      const page = await pageWhere(
        store.roles,
        context.accountId,
        pageOf(input),
        (role) => nameKey(role.roleName),
        (role) => role.path.startsWith(prefix),
      );
      // As in AWS, a list tells neither tags nor the boundary.
      const Roles = page.items.map((role) => describeRole({ ...role, tags: {}, permissionsBoundaryArn: undefined }));
      return { Roles, ...pageEnd(page) };
    },

    UpdateRole: async (input, context) => {
      await change(context.accountId, input.RoleName, (role) => {
        if (input.MaxSessionDuration !== undefined) checkNotServiceLinked(role);
        return {
          ...role,
          description: input.Description === undefined ? role.description : checkDescription(input.Description),
          maxSessionDurationSeconds: checkDuration(input.MaxSessionDuration ?? role.maxSessionDurationSeconds),
        };
      });
      return {};
    },

    UpdateRoleDescription: async (input, context) => ({
      Role: describeRole(
        await change(context.accountId, input.RoleName, (role) => ({
          ...role,
          description: checkDescription(input.Description),
        })),
      ),
    }),

    UpdateAssumeRolePolicy: async (input, context) => {
      checkPolicyDocument(input.PolicyDocument, 'trust', LONGEST_TRUST_POLICY);
      await change(context.accountId, input.RoleName, (role) => {
        checkNotServiceLinked(role);
        return { ...role, trustPolicy: input.PolicyDocument };
      });
      return {};
    },

    DeleteRole: async (input, context) => {
      await store.transaction(async () => {
        const role = await findRole(store, context.accountId, input.RoleName);
        checkNotServiceLinked(role);
        if (role.attachedPolicyArns.length > 0) {
          throw deleteConflict('Cannot delete entity, must detach all policies first.');
        }
        if (Object.keys(role.inlinePolicies).length > 0) {
          throw deleteConflict('Cannot delete entity, must delete policies first.');
        }
        await store.roles.delete(context.accountId, nameKey(role.roleName));
      });
      return {};
    },

    /** There are no instance profiles here, so no role is in one; Terraform asks before it deletes a role. */
    ListInstanceProfilesForRole: async (input, context) => {
      await findRole(store, context.accountId, input.RoleName);
      return { InstanceProfiles: [], IsTruncated: false };
    },

    PutRolePermissionsBoundary: async (input, context) => {
      await store.transaction(async () => {
        await findPolicy(store, context.accountId, input.PermissionsBoundary);
        await change(context.accountId, input.RoleName, (role) => {
          checkNotServiceLinked(role);
          return { ...role, permissionsBoundaryArn: input.PermissionsBoundary };
        });
      });
      return {};
    },

    DeleteRolePermissionsBoundary: async (input, context) => {
      await change(context.accountId, input.RoleName, (role) => ({ ...role, permissionsBoundaryArn: undefined }));
      return {};
    },

    TagRole: async (input, context) => {
      await change(context.accountId, input.RoleName, (role) => ({ ...role, tags: mergeTags(role.tags, input.Tags) }));
      return {};
    },

    UntagRole: async (input, context) => {
      await change(context.accountId, input.RoleName, (role) => ({
        ...role,
        tags: withoutTags(role.tags, input.TagKeys),
      }));
      return {};
    },

    ListRoleTags: async (input, context) => {
      const role = await findRole(store, context.accountId, input.RoleName);
      return { Tags: tagList(role.tags), IsTruncated: false };
    },
  } satisfies Handlers<IamOperations>;
}

function checkDescription(description: string | undefined): string | undefined {
  if (description !== undefined && description.length > 1000) {
    throw validationError('A description has at most 1000 characters.');
  }
  return description === '' ? undefined : description;
}

function checkDuration(seconds = 3600): number {
  if (seconds >= 3600 && seconds <= 43_200) return seconds;
  throw validationError(`MaxSessionDuration must be between 3600 and 43200 seconds, not ${seconds}.`);
}
