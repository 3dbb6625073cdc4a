import { MalformedPolicyError, type PrincipalEntry, type PrincipalType } from './policy-document.ts';

const TYPES: ReadonlySet<string> = new Set<PrincipalType>(['AWS', 'Service', 'Federated', 'CanonicalUser']);
const AWS_PRINCIPAL =
  /^(\*|\d{12}|arn:[a-z-]+:iam::\d{12}:(root|(user|role)\/[\w+=,.@/-]+)|arn:[a-z-]+:sts::\d{12}:(assumed-role|federated-user)\/[\w+=,.@/-]+)$/;

/** Reads the value of `Principal` or `NotPrincipal`: `"*"`, or an object of lists by kind of principal. */
export function parsePrincipals(value: unknown): PrincipalEntry[] {
  if (value === '*') return [{ type: 'AWS', value: '*' }];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(JSON.stringify(value));
  const entries = Object.entries(value).flatMap(([type, listed]) => {
    if (!TYPES.has(type)) throw invalid(`"${type}"`);
    const values: readonly unknown[] = Array.isArray(listed) ? listed : [listed];
    return values.map((entry) => parseEntry(type as PrincipalType, entry));
  });
  if (entries.length === 0) throw invalid('{}');
  return entries;
}

function parseEntry(type: PrincipalType, value: unknown): PrincipalEntry {
  if (typeof value !== 'string' || value === '') throw invalid(`"${type}":${JSON.stringify(value)}`);
  if (type === 'AWS' && !AWS_PRINCIPAL.test(value)) throw invalid(`"AWS":"${value}"`);
  if (type === 'Service' && !/^(\*|[a-z0-9-]+(\.[a-z0-9-]+)+)$/.test(value)) throw invalid(`"SERVICE":"${value}"`);
  return { type, value };
}

function invalid(what: string): MalformedPolicyError {
  return new MalformedPolicyError(`Invalid principal in policy: ${what}`);
}
