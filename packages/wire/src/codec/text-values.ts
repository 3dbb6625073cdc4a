/** Scalar values as plain text: in paths, query strings, headers, query bodies and XML. */
import type { Shape, TimestampFormat } from '../model/shape.ts';
import { DecodeError } from './decode-error.ts';
import { wrongOutput } from './encode-json.ts';
import { formatTimestamp, parseTimestamp } from './timestamps.ts';

const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?$/;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** @throws DecodeError for a text that is not of the shape's type */
export function decodeText(shape: Shape, text: string, path: string): unknown {
  switch (shape.kind) {
    case 'string':
      return text;
    case 'boolean':
      return decodeBoolean(text, path);
    case 'number':
    case 'bigDecimal':
      if (!NUMBER.test(text)) throw DecodeError.wrongType(path, 'a number', text);
      return Number(text);
    case 'bigInteger':
      if (!/^[+-]?\d{1,100}$/.test(text)) throw DecodeError.wrongType(path, 'a whole number', text);
      return BigInt(text);
    case 'timestamp': {
      const date = parseTimestamp(text);
      if (date === undefined) throw DecodeError.wrongType(path, 'a timestamp', text);
      return date;
    }
    case 'blob':
    case 'stream':
      if (!BASE64.test(text)) throw DecodeError.wrongType(path, 'base64 text', text);
      return new Uint8Array(Buffer.from(text, 'base64'));
    case 'document':
      return text;
    default:
      throw DecodeError.wrongType(path, `a ${shape.kind}`, text);
  }
}

function decodeBoolean(text: string, path: string): boolean {
  const lower = text.toLowerCase();
  if (lower !== 'true' && lower !== 'false') throw DecodeError.wrongType(path, 'true or false', text);
  return lower === 'true';
}

/** @throws TypeError when the handler's value is of another type */
export function encodeText(shape: Shape, value: unknown, format: TimestampFormat, path: string): string {
  switch (shape.kind) {
    case 'timestamp':
      if (!(value instanceof Date) || Number.isNaN(value.getTime())) throw wrongOutput(path, 'a valid Date');
      return String(formatTimestamp(value, shape.format ?? format));
    case 'blob':
    case 'stream':
      if (!(value instanceof Uint8Array)) throw wrongOutput(path, 'a Uint8Array');
      return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64');
    case 'string':
      if (typeof value !== 'string') throw wrongOutput(path, 'a string');
      return value;
    case 'boolean':
      if (typeof value !== 'boolean') throw wrongOutput(path, 'a boolean');
      return String(value);
    case 'number':
    case 'bigDecimal':
    case 'bigInteger':
      if (typeof value !== 'number' && typeof value !== 'bigint') throw wrongOutput(path, 'a number');
      return String(value);
    default:
      throw wrongOutput(path, 'a plain value');
  }
}
