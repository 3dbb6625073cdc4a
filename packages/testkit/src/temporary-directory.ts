import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where a test's clean-up is registered: `TestContext` and suite hooks both fit. */
interface CleansUp {
  after(fn: () => void): void;
}

/** A new empty directory that is removed when the test ends. */
export function temporaryDirectory(t: CleansUp, prefix = 'holdfast-test-'): string {
  const directory = mkdtempSync(join(tmpdir(), prefix));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}
