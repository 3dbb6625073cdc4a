/** What a vault's access policy must be before it is stored (VAULT-16 to VAULT-27). */
import { MalformedPolicyError, parsePolicy } from '@holdfast/neighbours';
import { invalidParameter } from '../errors.ts';
import type { RolePort } from '../ports.ts';

/**
 * @throws ServiceError InvalidParameterValueException for text that is no resource policy, for wildcards in actions
 * (VAULT-18), for actions of other services, and for principals that do not exist
 */
export async function checkAccessPolicy(text: string, roles: Pick<RolePort, 'principalExists'>): Promise<void> {
  const policy = parse(text);
  for (const statement of policy.statements) {
    for (const action of statement.actions.patterns) checkAction(action);
    for (const principal of statement.principals?.entries ?? []) {
      if (principal.type !== 'AWS' || principal.value === '*' || (await roles.principalExists(principal.value)))
        continue;
      throw invalidParameter(`Provided principal is not valid. ${principal.value} does not exist.`, 'Policy');
    }
  }
}

function parse(text: string) {
  try {
    return parsePolicy(text, 'resource');
  } catch (error) {
    if (error instanceof MalformedPolicyError) throw invalidParameter(error.message, 'Policy');
    throw error;
  }
}

function checkAction(action: string): void {
  if (action.includes('*') || action.includes('?')) {
    throw invalidParameter(
      `Actions of a vault's access policy must be spelled out; wildcards are not supported: "${action}".`,
      'Policy',
    );
  }
  if (!action.toLowerCase().startsWith('backup:')) {
    throw invalidParameter(`A vault's access policy governs only actions of backup, not "${action}".`, 'Policy');
  }
}
