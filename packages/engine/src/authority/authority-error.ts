export type AuthorityErrorCode =
  | 'lease-lost'
  | 'not-found'
  | 'already-exists'
  | 'pack-missing'
  | 'locked'
  | 'held'
  | 'in-use'
  | 'frozen';

/** A refusal of the authority, as a code that callers may branch on. */
export class AuthorityError extends Error {
  readonly code: AuthorityErrorCode;

  constructor(code: AuthorityErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'AuthorityError';
    this.code = code;
  }
}
