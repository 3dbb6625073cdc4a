export type EngineErrorCode =
  /** The caller broke the contract; the message says how. */
  | 'invalid-argument'
  | 'not-found'
  | 'already-exists'
  /** Stored bytes are missing or do not verify. */
  | 'damaged'
  /** Written by a newer version than this one reads. */
  | 'unsupported'
  | 'closed'
  /** The write lease lapsed: another process may have taken over. */
  | 'lease-lost';

/** A failure of the engine, as a code that callers may branch on. */
export class EngineError extends Error {
  readonly code: EngineErrorCode;

  constructor(code: EngineErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'EngineError';
    this.code = code;
  }
}
