/** What a handler throws to answer with an error of its service. */

export interface ServiceErrorOptions {
  /** HTTP status. Without it: the status that the service declares for the code, else 400. */
  readonly statusCode?: number;
  /** Further members of the error's shape, such as `Arn` and `CreatorRequestId` of `AlreadyExistsException`. */
  readonly members?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/**
 * An error that the client shall see: code as the service names it (`ResourceNotFoundException`), message, and members
 * of the modelled shape. Everything else that a handler throws is answered with `InternalFailure` and logged.
 *
 * @example
 * throw new ServiceError('AlreadyExistsException', 'Backup vault with the same name already exists', {
 *   members: { Arn: vault.arn, CreatorRequestId: vault.creatorRequestId, Type: 'Client' },
 * });
 */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';
  readonly code: string;
  readonly statusCode: number | undefined;
  readonly members: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, options: ServiceErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.statusCode = options.statusCode;
    this.members = options.members ?? {};
  }
}
