/** Typed values to JSON values, by shape. Members that the shape does not know are left out. */
import type { Member, Shape, StructureShape } from '../model/shape.ts';
import type { JsonNames } from './decode-json.ts';
import { formatTimestamp } from './timestamps.ts';

/**
 * Encodes the members of a structure for which `include` holds (all without it).
 * @throws TypeError when a handler returned a value of another type than the member's; that is a defect of the handler
 */
export function encodeStructure(
  shape: StructureShape,
  source: object,
  names: JsonNames,
  include?: (member: Member) => boolean,
): Record<string, unknown> {
  const values = source as Readonly<Record<string, unknown>>;
  const target: Record<string, unknown> = {};
  for (const member of shape.members) {
    const value = values[member.name];
    if (value === undefined || value === null || (include !== undefined && !include(member))) continue;
    target[names.usesJsonName ? member.jsonName : member.name] = encodeJson(member.shape, value, names, member.name);
  }
  return target;
}

export function encodeJson(shape: Shape, value: unknown, names: JsonNames, path: string): unknown {
  switch (shape.kind) {
    case 'structure':
      if (typeof value !== 'object' || value === null) throw wrongOutput(path, 'an object');
      return encodeStructure(shape, value, names);
    case 'list':
      if (!Array.isArray(value)) throw wrongOutput(path, 'an array');
      return value
        .filter((item: unknown) => shape.isSparse || (item !== null && item !== undefined))
        .map((item: unknown) => (item === null ? null : encodeJson(shape.item, item, names, `${path}[]`)));
    case 'map':
      if (typeof value !== 'object' || value === null) throw wrongOutput(path, 'an object');
      return Object.fromEntries(
        Object.entries(value)
          .filter(([, entry]) => entry !== undefined && (shape.isSparse || entry !== null))
          .map(([key, entry]) => [
            key,
            entry === null ? null : encodeJson(shape.value, entry, names, `${path}.${key}`),
          ]),
      );
    default:
      return encodeScalar(shape, value, path);
  }
}

function encodeScalar(
  shape: Exclude<Shape, { kind: 'structure' | 'list' | 'map' }>,
  value: unknown,
  path: string,
): unknown {
  switch (shape.kind) {
    case 'string':
      if (typeof value !== 'string') throw wrongOutput(path, 'a string');
      return value;
    case 'boolean':
      if (typeof value !== 'boolean') throw wrongOutput(path, 'a boolean');
      return value;
    case 'number':
    case 'bigDecimal':
    case 'bigInteger':
      return encodeNumber(value, path);
    case 'timestamp':
      if (!(value instanceof Date) || Number.isNaN(value.getTime())) throw wrongOutput(path, 'a valid Date');
      return formatTimestamp(value, shape.format ?? 'epochSeconds');
    case 'blob':
    case 'stream':
      if (!(value instanceof Uint8Array)) throw wrongOutput(path, 'a Uint8Array');
      return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64');
    case 'document':
      return value;
  }
}

function encodeNumber(value: unknown, path: string): number | string {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'number') throw wrongOutput(path, 'a number');
  return Number.isFinite(value) ? value : String(value);
}

export function wrongOutput(path: string, expected: string): TypeError {
  return new TypeError(`The operation's output must have ${expected} at ${path}`);
}
