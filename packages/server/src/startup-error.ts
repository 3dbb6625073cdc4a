/** A reason not to start that the operator can mend: printed as one line, without a stack, with a non-zero exit. */
export class StartupError extends Error {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.name = 'StartupError';
  }
}
