/** JSON values to typed values, by shape. */
import type { Shape, StructureShape } from '../model/shape.ts';
import { DecodeError } from './decode-error.ts';
import { parseTimestamp } from './timestamps.ts';

const MAX_DEPTH = 64;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
const UTF8 = new TextDecoder('utf-8', { fatal: true });

export interface JsonNames {
  /** restJson1 renames members by `jsonName`, awsJson does not. */
  readonly usesJsonName: boolean;
}

/**
 * Parses a body. An empty one counts as an empty object.
 * @throws DecodeError when it is not UTF-8, not JSON or not an object
 */
export function parseJsonObject(body: Uint8Array): Readonly<Record<string, unknown>> {
  if (body.byteLength === 0) return {};
  let value: unknown;
  try {
    value = JSON.parse(UTF8.decode(body));
  } catch (error) {
    const reason = error instanceof SyntaxError ? 'is not JSON' : 'is not UTF-8 text';
    throw new DecodeError('malformed', `The request body ${reason}`);
  }
  if (!isObject(value)) throw DecodeError.wrongType('(body)', 'an object', value);
  return value;
}

/**
 * Decodes the body members of a structure. Unknown members are ignored, null counts as absent.
 * @throws DecodeError for a value of another type
 */
export function decodeStructure(
  shape: StructureShape,
  source: Readonly<Record<string, unknown>>,
  names: JsonNames,
  path = '',
  depth = 0,
): Record<string, unknown> {
  const target: Record<string, unknown> = {};
  for (const member of shape.members) {
    const key = names.usesJsonName ? member.jsonName : member.name;
    const value = Object.hasOwn(source, key) ? source[key] : undefined;
    if (value === undefined || value === null) continue;
    const memberPath = path === '' ? member.name : `${path}.${member.name}`;
    target[member.name] = decodeJson(member.shape, value, names, memberPath, depth + 1);
  }
  if (shape.isUnion && Object.keys(target).length !== 1) {
    throw new DecodeError('wrongType', `Exactly one member must be set at '${path}'`);
  }
  return target;
}

/** @throws DecodeError for a value of another type */
export function decodeJson(shape: Shape, value: unknown, names: JsonNames, path: string, depth = 0): unknown {
  if (depth > MAX_DEPTH) throw new DecodeError('malformed', `The request is nested deeper than ${MAX_DEPTH} levels`);
  switch (shape.kind) {
    case 'structure':
      if (!isObject(value)) throw DecodeError.wrongType(path, 'an object', value);
      return decodeStructure(shape, value, names, path, depth);
    case 'list':
      if (!Array.isArray(value)) throw DecodeError.wrongType(path, 'a list', value);
      return value.map((item: unknown, index) => {
        if (item === null && shape.isSparse) return null;
        return decodeJson(shape.item, item, names, `${path}[${index}]`, depth + 1);
      });
    case 'map':
      if (!isObject(value)) throw DecodeError.wrongType(path, 'an object', value);
      return Object.fromEntries(
        Object.entries(value)
          .filter(([, entry]) => entry !== null || shape.isSparse)
          .map(([key, entry]) => [
            key,
            entry === null ? null : decodeJson(shape.value, entry, names, `${path}.${key}`, depth + 1),
          ]),
      );
    default:
      return decodeScalar(shape, value, path);
  }
}

function decodeScalar(
  shape: Exclude<Shape, { kind: 'structure' | 'list' | 'map' }>,
  value: unknown,
  path: string,
): unknown {
  switch (shape.kind) {
    case 'string':
      if (typeof value !== 'string') throw DecodeError.wrongType(path, 'a string', value);
      return value;
    case 'boolean':
      if (typeof value !== 'boolean') throw DecodeError.wrongType(path, 'a boolean', value);
      return value;
    case 'number':
    case 'bigDecimal':
      if (typeof value !== 'number') throw DecodeError.wrongType(path, 'a number', value);
      return value;
    case 'bigInteger':
      if (!Number.isInteger(value)) throw DecodeError.wrongType(path, 'a whole number', value);
      return BigInt(value as number);
    case 'timestamp': {
      const date = parseTimestamp(value);
      if (date === undefined) throw DecodeError.wrongType(path, 'a timestamp', value);
      return date;
    }
    case 'blob':
    case 'stream':
      if (typeof value !== 'string' || !BASE64.test(value)) throw DecodeError.wrongType(path, 'base64 text', value);
      return new Uint8Array(Buffer.from(value, 'base64'));
    case 'document':
      return value;
  }
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
