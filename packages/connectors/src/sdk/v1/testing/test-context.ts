import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ConnectorContext } from '../connector.ts';

/** A context for tests: its own directories below `root`, a clock that stands still, ids that count. */
export function testConnectorContext(root: string, overrides: Partial<ConnectorContext> = {}): ConnectorContext {
  let lastId = 0;
  const stateDirectory = join(root, 'state');
  const restoreDirectory = join(root, 'restored');
  mkdirSync(stateDirectory, { recursive: true });
  return {
    now: () => Date.UTC(2024, 0, 31, 10, 20, 30, 123),
    newId(prefix) {
      lastId += 1;
      return `${prefix}${lastId.toString(16).padStart(17, '0')}`;
    },
    log: () => undefined,
    stateDirectory,
    restoreDirectory,
    holdfastDirectories: [],
    ...overrides,
  };
}
