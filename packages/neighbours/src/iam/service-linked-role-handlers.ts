import { createHash } from 'node:crypto';
import type { Handlers } from '@holdfast/wire';
import { nameKey } from '../identity/identity-store.ts';
import { ensureServiceLinkedRole, SERVICE_LINKED_ROLES } from '../identity/service-linked-roles.ts';
import { describeRole } from './describe-identity.ts';
import { findRole } from './find-identity.ts';
import { invalidInput, noSuchEntity } from './iam-errors.ts';
import type { IamOperations } from './iam-operations.ts';
import type { IamPorts } from './iam-ports.ts';

/** Service-linked roles (IAM-78 to IAM-85). */
export function serviceLinkedRoleHandlers(ports: IamPorts) {
  const { store, random } = ports;
  return {
    CreateServiceLinkedRole: async (input, context) => {
      const kind = SERVICE_LINKED_ROLES.get(input.AWSServiceName);
      if (kind === undefined) {
        throw invalidInput(
          `${input.AWSServiceName} has no service-linked role here. Services that have: ${[...SERVICE_LINKED_ROLES.keys()].join(', ')}`,
        );
      }
      if (input.CustomSuffix !== undefined) throw invalidInput(`Custom suffix is not allowed for ${kind.serviceName}`);
      const { role, isNew } = await ensureServiceLinkedRole(store, context.accountId, kind, random, context.now);
      if (!isNew) {
        throw invalidInput(
          `Service role name ${kind.roleName} has been taken in this account, please try a different suffix.`,
        );
      }
      return { Role: describeRole(role) };
    },

    /**
     * Deletes at once, or not at all. The answer is a task as in AWS: it carries the outcome, so that nothing needs to be
     * remembered and every server of the installation can tell.
     */
    DeleteServiceLinkedRole: async (input, context) => {
      const role = await findRole(store, context.accountId, input.RoleName);
      if (role.serviceLinkedTo === undefined)
        throw noSuchEntity(`The service-linked role ${input.RoleName} cannot be found.`);
      const uses = (await ports.serviceLinkedRoleUses?.(context.accountId, role.roleName)) ?? [];
      if (uses.length === 0) await store.roles.delete(context.accountId, nameKey(role.roleName));
      const id = createHash('sha256').update(role.roleId).digest('hex').slice(0, 32);
      return { DeletionTaskId: `task/aws-service-role/${role.serviceLinkedTo}/${role.roleName}/${id}` };
    },

    GetServiceLinkedRoleDeletionStatus: async (input, context) => {
      const match = /^task\/aws-service-role\/[^/]+\/([^/]+)\/([0-9a-f]{32})$/.exec(input.DeletionTaskId);
      if (match === null) throw noSuchEntity(`The deletion task ${input.DeletionTaskId} cannot be found.`);
      const roleName = match[1] ?? '';
      const role = await store.roles.get(context.accountId, nameKey(roleName));
      const id = role === undefined ? undefined : createHash('sha256').update(role.roleId).digest('hex').slice(0, 32);
      if (id !== match[2]) return { Status: 'SUCCEEDED' };
      const uses = (await ports.serviceLinkedRoleUses?.(context.accountId, roleName)) ?? [];
      return {
        Status: 'FAILED',
        Reason: {
          Reason: 'The role is in use. Delete what uses it and try again.',
          RoleUsageList: [{ Region: context.region, Resources: [...uses] }],
        },
      };
    },
  } satisfies Handlers<IamOperations>;
}
