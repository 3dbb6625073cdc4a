import { parseArn } from './arn.ts';
import type { PrincipalEntry, PrincipalSet } from './policy-document.ts';
import type { PrincipalMatch, RequestPrincipal } from './request-principal.ts';

const CLOSENESS: Readonly<Record<PrincipalMatch, number>> = { itself: 3, 'role-or-anyone': 2, account: 1 };

/**
 * Whether, and how closely, a statement's principals name this one. `NotPrincipal` names everybody whom none of its
 * entries names, as "anyone".
 */
export function matchPrincipal(set: PrincipalSet, principal: RequestPrincipal): PrincipalMatch | undefined {
  const matches = set.entries.map((entry) => matchEntry(entry, principal)).filter((match) => match !== undefined);
  if (set.negated) return matches.length === 0 ? 'role-or-anyone' : undefined;
  return matches.sort((a, b) => CLOSENESS[b] - CLOSENESS[a])[0];
}

function matchEntry(entry: PrincipalEntry, principal: RequestPrincipal): PrincipalMatch | undefined {
  if (principal.type === 'service') {
    const named = entry.type === 'Service' && (entry.value === '*' || entry.value === principal.serviceName);
    return named ? 'itself' : entry.type === 'AWS' && entry.value === '*' ? 'role-or-anyone' : undefined;
  }
  if (entry.type !== 'AWS') return undefined;
  if (entry.value === '*') return 'role-or-anyone';
  if (accountNamed(entry.value) === principal.accountId) return principal.type === 'root' ? 'itself' : 'account';
  if (entry.value === principal.arn) return 'itself';
  return principal.type === 'assumed-role' && entry.value === principal.roleArn ? 'role-or-anyone' : undefined;
}

function accountNamed(value: string): string | undefined {
  if (/^\d{12}$/.test(value)) return value;
  const arn = parseArn(value);
  return arn?.service === 'iam' && arn.resource === 'root' ? arn.accountId : undefined;
}
