import { implement, type ServiceImplementation } from '@holdfast/wire';
import { accountHandlers } from './account-handlers.ts';
import { organizationHandlers } from './organization-handlers.ts';
import type { OrganizationPorts } from './organization-ports.ts';
import { organizationTagHandlers } from './organization-tag-handlers.ts';
import { organizations } from './organizations-definition.ts';
import { policyHandlers } from './policy-handlers.ts';
import { policyTargetHandlers } from './policy-target-handlers.ts';
import { unitHandlers } from './unit-handlers.ts';

/** The service of organisations, as far as copies and policies need it. */
export function createOrganizationHandlers(ports: OrganizationPorts): ServiceImplementation {
  return implement(organizations, {
    ...organizationHandlers(ports),
    ...accountHandlers(ports),
    ...unitHandlers(ports),
    ...policyHandlers(ports),
    ...policyTargetHandlers(ports),
    ...organizationTagHandlers(ports),
  });
}
