import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const resolve = createRequire(import.meta.url).resolve;

/** What the SDK documents that an operation can answer with, by the names of the errors. */
export function modelledErrors(operation: string): readonly string[] {
  const directory = join(resolve('@aws-sdk/client-backup/package.json'), '..', 'dist-types', 'commands');
  const text = readFileSync(join(directory, `${operation}Command.d.ts`), 'utf8');
  const names = [...text.matchAll(/@throws \{@link (\w+)\}/g)].map((match) => match[1] ?? '');
  return names.filter((name) => name !== 'BackupServiceException');
}
