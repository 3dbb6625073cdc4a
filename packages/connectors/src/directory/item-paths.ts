import type { ItemPath } from '@holdfast/engine';
import type { Name } from './posix/posix-files.ts';

/** Paths of items as strings with one character per byte, and the display form for messages. */

export function pathFromNames(names: readonly Name[]): ItemPath {
  return Buffer.from(names.join('/'), 'latin1');
}

/** @throws RangeError for a path with an empty, `.` or `..` component or a NUL byte: it could lead out of a tree */
export function namesFromPath(path: ItemPath): Name[] {
  if (path.byteLength === 0) return [];
  const names = bytesAsString(path).split('/');
  if (names.every(isSafeName)) return names;
  throw new RangeError(`the path ${displayPath(path)} could lead out of the tree`);
}

export function isSafeName(name: Name): boolean {
  return name !== '' && name !== '.' && name !== '..' && !name.includes('/') && !name.includes('\0');
}

export function bytesAsString(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

/** A path for people: UTF-8 where it is, control characters and other bytes as `\x..`, shortened when very long. */
export function displayPath(path: ItemPath): string {
  const bytes = Buffer.from(path.buffer, path.byteOffset, path.byteLength);
  const text = bytes.toString('utf8');
  const readable = Buffer.from(text).equals(bytes)
    ? text
    : bytes.toString('latin1').replace(/[\x80-\xff]/g, escapeByte);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not reach a terminal
  const safe = readable.replace(/[\x00-\x1f\x7f]/g, escapeByte);
  if (safe === '') return '/';
  return safe.length <= 300 ? safe : `${safe.slice(0, 140)} … ${safe.slice(-140)}`;
}

function escapeByte(character: string): string {
  return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
}
