import { implement, type ServiceImplementation } from '@holdfast/wire';
import { iam } from '@holdfast/wire/iam';
import { accessKeyHandlers } from './access-key-handlers.ts';
import { accountAliasHandlers } from './account-alias-handlers.ts';
import { groupHandlers } from './group-handlers.ts';
import { holderPolicyHandlers } from './holder-policy-handlers.ts';
import type { IamPorts } from './iam-ports.ts';
import { loginProfileHandlers } from './login-profile-handlers.ts';
import { managedPolicyHandlers } from './managed-policy-handlers.ts';
import { policyVersionHandlers } from './policy-version-handlers.ts';
import { roleHandlers } from './role-handlers.ts';
import { serviceLinkedRoleHandlers } from './service-linked-role-handlers.ts';
import { simulationHandlers } from './simulation-handlers.ts';
import { userHandlers } from './user-handlers.ts';

/** The identity service: what Terraform and the CLI call around backups. The rest answers "not supported". */
export function createIamHandlers(ports: IamPorts): ServiceImplementation {
  return implement(iam, {
    ...roleHandlers(ports),
    ...userHandlers(ports),
    ...groupHandlers(ports),
    ...managedPolicyHandlers(ports),
    ...policyVersionHandlers(ports),
    ...holderPolicyHandlers(ports),
    ...accessKeyHandlers(ports),
    ...loginProfileHandlers(ports),
    ...accountAliasHandlers(ports),
    ...serviceLinkedRoleHandlers(ports),
    ...simulationHandlers(ports),
  });
}
