/**
 * Who makes a request, as policies see them. A session of an assumed role knows its role's ARN (which carries the
 * role's path) as well as its own.
 */
export type RequestPrincipal =
  | { readonly type: 'root'; readonly accountId: string; readonly arn: string }
  | { readonly type: 'user'; readonly accountId: string; readonly arn: string; readonly userName: string }
  | {
      readonly type: 'assumed-role';
      readonly accountId: string;
      readonly arn: string;
      readonly roleArn: string;
      readonly sessionName: string;
    }
  | { readonly type: 'service'; readonly serviceName: string };

/** How closely an entry of a resource policy names a principal; decides what else must agree. */
export type PrincipalMatch =
  /** The user or the very session. */
  | 'itself'
  /** The role of the session, or everybody. */
  | 'role-or-anyone'
  /** The account: it lets the account's own identity policies decide. */
  | 'account';

/** The account of the principal; undefined for a service. */
export function principalAccount(principal: RequestPrincipal): string | undefined {
  return principal.type === 'service' ? undefined : principal.accountId;
}
