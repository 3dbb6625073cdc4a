/** Members that a service marks as sensitive do not get into audit trails. */
import type { Shape, StructureShape } from '../model/shape.ts';

const HIDDEN = 'HIDDEN_DUE_TO_SECURITY_REASONS';

/** A copy of the values with sensitive members replaced, bytes and streams described and dates as ISO 8601. */
export function redact(shape: StructureShape, values: object): Record<string, unknown> {
  const source = values as Readonly<Record<string, unknown>>;
  const target: Record<string, unknown> = {};
  for (const member of shape.members) {
    const value = source[member.name];
    if (value === undefined || value === null) continue;
    target[member.name] = member.isSensitive ? HIDDEN : redactValue(member.shape, value);
  }
  return target;
}

function redactValue(shape: Shape, value: unknown): unknown {
  switch (shape.kind) {
    case 'structure':
      return typeof value === 'object' && value !== null ? redact(shape, value) : undefined;
    case 'list':
      return Array.isArray(value) ? value.map((item: unknown) => redactValue(shape.item, item)) : undefined;
    case 'map':
      return Object.fromEntries(
        Object.entries(Object(value)).map(([key, item]) => [key, redactValue(shape.value, item)]),
      );
    case 'timestamp':
      return value instanceof Date ? value.toISOString() : undefined;
    case 'blob':
      return value instanceof Uint8Array ? `${value.byteLength} bytes` : undefined;
    case 'stream':
      return 'bytes';
    case 'bigInteger':
      return String(value);
    default:
      return value;
  }
}
