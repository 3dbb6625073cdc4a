/** A request that cannot be turned into an operation's input. */

export class DecodeError extends Error {
  override readonly name = 'DecodeError';
  /** `malformed`: cannot be read at all; `wrongType`: a value is of another type than the member's. */
  readonly kind: 'malformed' | 'wrongType';

  constructor(kind: 'malformed' | 'wrongType', message: string) {
    super(message);
    this.kind = kind;
  }

  static wrongType(path: string, expected: string, found: unknown): DecodeError {
    return new DecodeError(
      'wrongType',
      `The value at '${path}' must be ${expected}, but ${describeValue(found)} was sent`,
    );
  }
}

function describeValue(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
