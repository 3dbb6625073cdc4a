/**
 * Keys as item paths. A version of an object is the item `<key>/<version>`: the key is one name, in which `/` is written
 * `.~`, and the version begins with its time counted down, so that the newest comes first.
 *
 * The writing keeps the order: the byte order of two keys, which is the order of a store's listing, is the path order of
 * their items, in which `/` sorts below every other byte. So a bucket of any size is walked in one pass.
 *
 * - `/` becomes `.~`, which sorts between `.` and `0` as `/` does.
 * - `.` stays, but before a byte from `}` on it becomes `.}`, so that nothing behind a dot sorts above `.~`.
 * - The bytes 0 and 1 become 1 1 and 1 2, since a path holds no zero byte.
 */
import type { ItemPath } from '@holdfast/engine';

const SLASH = 0x2f;
const BRACE = 0x7d;

/** 48 bits of milliseconds last until the year 10889. */
const LAST_TIME = 2 ** 48 - 1;

/** The name of a key, one character per byte. */
export function nameOfKey(key: string): string {
  const bytes = Buffer.from(key, 'utf8').toString('latin1');
  // Most keys need nothing but their slashes written.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a key may hold them
  return bytes.replace(/[\x00\x01./]/g, (character, at: number) => written(character, bytes.charCodeAt(at + 1)));
}

function written(character: string, next: number): string {
  switch (character.charCodeAt(0)) {
    case 0:
      return '\x01\x01';
    case 1:
      return '\x01\x02';
    case SLASH:
      return '.~';
    default:
      return next >= BRACE ? '.}' : '.';
  }
}

/** @throws RangeError for a name that no key has */
export function keyOfName(name: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a key may hold them
  const key = name.replace(/\x01[\x01\x02]|\.[~}]?/g, (code) => {
    if (code === '.~') return '/';
    if (code === '.' || code === '.}') return '.';
    return code === '\x01\x01' ? '\x00' : '\x01';
  });
  const text = Buffer.from(key, 'latin1').toString('utf8');
  if (nameOfKey(text) !== name) throw new RangeError(`${JSON.stringify(name)} is not the name of a key`);
  return text;
}

/** What identifies a version within its key and sorts the newest first. */
export function versionName(at: number, versionId: string): string {
  const left = (LAST_TIME - at).toString(16).padStart(12, '0');
  return `${left}-${encodeURIComponent(versionId)}`;
}

export function pathOf(key: string, at: number, versionId: string): ItemPath {
  return Buffer.from(`${nameOfKey(key)}/${versionName(at, versionId)}`, 'latin1');
}

/** The item under which all versions of a key lie. */
export function pathOfKey(key: string): ItemPath {
  return Buffer.from(nameOfKey(key), 'latin1');
}

/** @returns undefined for the root. @throws RangeError for a path that this connector did not make */
export function keyOfPath(path: ItemPath): string | undefined {
  if (path.byteLength === 0) return undefined;
  const text = Buffer.from(path.buffer, path.byteOffset, path.byteLength).toString('latin1');
  const slash = text.indexOf('/');
  if (slash < 0) throw new RangeError(`${JSON.stringify(text)} is not the path of a version`);
  return keyOfName(text.slice(0, slash));
}

/** A string whose order is the path order. */
export function sortKeyOf(path: ItemPath): string {
  return Buffer.from(path.buffer, path.byteOffset, path.byteLength).toString('latin1').replaceAll('/', '\x00');
}

/** A key for people: control characters as `\x..`, shortened when very long. */
export function displayKey(key: string): string {
  const safe = key.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not reach a terminal
    /[\x00-\x1f\x7f]/g,
    (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
  return safe.length <= 300 ? safe : `${safe.slice(0, 140)} … ${safe.slice(-140)}`;
}
