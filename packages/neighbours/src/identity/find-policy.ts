import { parseIdentityArn } from './identity-arn.ts';
import type { ManagedPolicyRecord } from './identity-records.ts';
import { type IdentityStore, nameKey } from './identity-store.ts';
import { BUILT_IN_POLICIES } from './managed-policies/built-in-policies.ts';

/** The managed policy with that ARN, the account's own or one that comes with the installation. */
export async function findManagedPolicy(
  store: Pick<IdentityStore, 'policies'>,
  arn: string,
): Promise<ManagedPolicyRecord | undefined> {
  const builtIn = BUILT_IN_POLICIES.get(arn);
  if (builtIn !== undefined) return builtIn;
  const name = parseIdentityArn(arn);
  if (name?.kind !== 'policy') return undefined;
  const policy = await store.policies.get(name.accountId, nameKey(name.name));
  return policy?.path === name.path ? policy : undefined;
}

/** The text of the version of a managed policy that is in force. */
export function currentDocument(policy: ManagedPolicyRecord): string {
  const version = policy.versions.find(({ versionId }) => versionId === policy.defaultVersionId);
  if (version === undefined) throw new Error(`The policy ${policy.policyName} has lost its default version.`);
  return version.document;
}
