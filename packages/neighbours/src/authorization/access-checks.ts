import type { AuthorizationRequest } from '@holdfast/wire';
import type { AccessCheck } from './authorizer.ts';

/**
 * Says what a request needs to be allowed: the operation's own action on its resource, and further actions such as
 * `iam:PassRole`. An empty list: the handler checks by itself (it alone can look the resource up), or nothing is needed.
 */
export type AccessChecks = (request: AuthorizationRequest) => Promise<readonly AccessCheck[]>;

/** A member of the input that is a text. */
export function textMember(input: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = input[name];
  return typeof value === 'string' ? value : undefined;
}

/** A member of the input that is a structure or map. */
export function objectMember(
  input: Readonly<Record<string, unknown>>,
  name: string,
): Readonly<Record<string, unknown>> | undefined {
  const value = input[name];
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined;
}

/** A member of the input that is a list of texts; empty when absent. */
export function textsMember(input: Readonly<Record<string, unknown>>, name: string): readonly string[] {
  const value = input[name];
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
