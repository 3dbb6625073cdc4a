/** The golden vaults as objects in memory, by the layout of docs/format/stores.md, and the key file beside them. */
import { execFileSync } from 'node:child_process';
import { createDecipheriv } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Unwrap } from './sealed-vault.ts';

export const GOLDEN_ARCHIVES = join(import.meta.dirname, '..', '..', 'packages', 'engine', 'testdata');

export interface GoldenArchive {
  /** All objects by name, in order of name. */
  readonly objects: ReadonlyMap<string, Buffer>;
  readonly keyFile: string;
  /** What was backed up, where the archive has it. */
  readonly source: string;
}

export function extractGolden(directory: string, archive: string): GoldenArchive {
  execFileSync('tar', ['-C', directory, '-xzf', archive]);
  const store = join(directory, 'vault', 'store');
  // Object `a/b` is the file `a/@xx/b`; what lies elsewhere is the store's own.
  const files = readdirSync(store, { recursive: true, encoding: 'utf8' })
    .map((file) => ({ file, name: /^((?:.*\/)?)@[0-9a-f]{2}\/([^/@]+)$/.exec(file)?.slice(1).join('') }))
    .flatMap(({ file, name }) => (name === undefined ? [] : [{ file, name }]))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const objects = new Map(files.map(({ file, name }) => [name, readFileSync(join(store, file))]));
  return { objects, keyFile: join(directory, 'vault', 'key'), source: join(directory, 'source') };
}

/** The key file of the archive: AES-256-GCM, nonce first, the sorted context as associated data (docs/format/keys.md). */
export function unwrapWith(keyFile: string): Unwrap {
  const { keys } = JSON.parse(readFileSync(keyFile, 'utf8')) as { keys: Record<string, string> };
  return async ({ keyId, wrapped }, context) => {
    const decipher = createDecipheriv(
      'aes-256-gcm',
      Buffer.from(keys[keyId] ?? '', 'base64'),
      wrapped.subarray(0, 12),
      {
        authTagLength: 16,
      },
    );
    decipher.setAAD(Buffer.from(JSON.stringify(Object.entries(context).sort(([a], [b]) => (a < b ? -1 : 1)))));
    decipher.setAuthTag(wrapped.subarray(-16));
    return Buffer.concat([decipher.update(wrapped.subarray(12, -16)), decipher.final()]);
  };
}
