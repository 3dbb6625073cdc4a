/** Which operations have handlers, without a running server. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Coverage, coverage } from '@holdfast/wire';
import { buildControl } from './compose/control-ports.ts';
import { layFoundation } from './compose/foundation.ts';
import { buildIdentity } from './compose/identity.ts';
import { buildServices } from './compose/services.ts';
import { loadConfiguration } from './configuration/load-configuration.ts';

/** Builds the same services as a server does, in a directory that is thrown away, and asks them. */
export async function serviceCoverage(): Promise<Coverage[]> {
  const data = mkdtempSync(join(tmpdir(), 'holdfast-coverage-'));
  try {
    const foundation = await layFoundation(loadConfiguration({ data }, {}), 'server');
    const identity = buildIdentity(foundation);
    const control = buildControl(foundation, identity, () => undefined);
    const { services } = buildServices(foundation, identity, control, { startedAt: 0, workers: async () => [] });
    await foundation.catalog.close();
    return services.map(coverage);
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
}
