/** Why a connector gave up: decides whether the job retries, fails, or asks the caller to change the request. */
export type ConnectorErrorClass =
  | 'invalid-request'
  | 'not-found'
  | 'denied'
  | 'unavailable'
  | 'conflict'
  /** The log has a gap: continuous backup has to begin anew with a new base. */
  | 'log-broken'
  | 'permanent';

/** A failure of a source or target, with a message for an operator and a hint that says what to do. */
export class ConnectorError extends Error {
  readonly class: ConnectorErrorClass;
  readonly hint: string | undefined;

  constructor(errorClass: ConnectorErrorClass, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(options.hint === undefined ? message : `${message} ${options.hint}`, { cause: options.cause });
    this.name = 'ConnectorError';
    this.class = errorClass;
    this.hint = options.hint;
  }
}
