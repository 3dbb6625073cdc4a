import { newEntityId, type RandomBytes } from './entity-id.ts';
import { identityArn } from './identity-arn.ts';
import type { RoleRecord } from './identity-records.ts';
import { type IdentityStore, nameKey } from './identity-store.ts';
import { BUILT_IN_ACCOUNT } from './managed-policies/built-in-policies.ts';

export interface ServiceLinkedRoleKind {
  readonly serviceName: string;
  readonly roleName: string;
  readonly policyName: string;
  readonly description: string;
}

/** The service-linked roles that exist (IAM-80), by the name of their service. */
export const SERVICE_LINKED_ROLES: ReadonlyMap<string, ServiceLinkedRoleKind> = new Map(
  [
    {
      serviceName: 'backup.amazonaws.com',
      roleName: 'AWSServiceRoleForBackup',
      policyName: 'AWSBackupServiceLinkedRolePolicyForBackup',
      description: 'Lists, copies and deletes backups for the backup service',
    },
    {
      serviceName: 'reports.backup.amazonaws.com',
      roleName: 'AWSServiceRoleForBackupReports',
      policyName: 'AWSServiceRolePolicyForBackupReports',
      description: 'Watches backup settings, jobs and resources against frameworks',
    },
    {
      serviceName: 'restore-testing.backup.amazonaws.com',
      roleName: 'AWSServiceRoleForBackupRestoreTesting',
      policyName: 'AWSServiceRolePolicyForBackupRestoreTesting',
      description: 'Runs restore tests',
    },
  ].map((kind) => [kind.serviceName, kind]),
);

export function serviceLinkedRoleArn(accountId: string, kind: ServiceLinkedRoleKind): string {
  return identityArn('role', accountId, pathOf(kind), kind.roleName);
}

function pathOf({ serviceName }: ServiceLinkedRoleKind): string {
  return `/aws-service-role/${serviceName}/`;
}

/**
 * Makes a service-linked role unless the account has it (IAM-81: the service does so by itself when it needs one).
 * Returns the role and whether it is new.
 */
export async function ensureServiceLinkedRole(
  store: IdentityStore,
  accountId: string,
  kind: ServiceLinkedRoleKind,
  random: RandomBytes,
  now: number,
): Promise<{ readonly role: RoleRecord; readonly isNew: boolean }> {
  const trust = { Effect: 'Allow', Principal: { Service: kind.serviceName }, Action: 'sts:AssumeRole' };
  const role: RoleRecord = {
    accountId,
    path: pathOf(kind),
    roleName: kind.roleName,
    roleId: newEntityId('role', random),
    createdAt: now,
    trustPolicy: JSON.stringify({ Version: '2012-10-17', Statement: [trust] }),
    description: kind.description,
    maxSessionDurationSeconds: 3600,
    tags: {},
    serviceLinkedTo: kind.serviceName,
    inlinePolicies: {},
    attachedPolicyArns: [identityArn('policy', BUILT_IN_ACCOUNT, '/aws-service-role/', kind.policyName)],
  };
  return await store.transaction(async () => {
    const existing = await store.roles.get(accountId, nameKey(kind.roleName));
    if (existing !== undefined) return { role: existing, isNew: false };
    await store.roles.put(accountId, nameKey(kind.roleName), role);
    return { role, isNew: true };
  });
}
