import { join } from 'node:path';
import { after } from 'node:test';
import { temporaryDirectory } from '@holdfast/testkit';
import { testAuthority } from './contract/test-authority.ts';
import { SqliteAuthority } from './sqlite-authority.ts';

const directory = temporaryDirectory({ after });
let files = 0;

function openAt(path: string) {
  let now = Date.parse('2026-03-01T00:00:00Z');
  const authority = new SqliteAuthority({ path, clock: () => now });
  return {
    authority,
    now: () => now,
    advance: (ms: number) => {
      now += ms;
    },
    close: async () => authority.close(),
  };
}

testAuthority('The SQLite authority in memory', async () => openAt(':memory:'));
testAuthority('The SQLite authority in a file', async () => {
  files += 1;
  return openAt(join(directory, `authority-${files}.db`));
});
