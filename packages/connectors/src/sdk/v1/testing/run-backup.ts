import assert from 'node:assert/strict';
import type { BackupSession, Connector } from '../connector.ts';
import { MemoryRecoveryPoint } from './memory-recovery-point.ts';

/** Backs a resource up into memory, as a job would: entries, state, and release whatever happens. */
export async function runBackup(
  connector: Connector,
  resourceArn: string,
  options: { readonly parent?: MemoryRecoveryPoint; readonly signal?: AbortSignal } = {},
): Promise<{ readonly point: MemoryRecoveryPoint; readonly session: BackupSession }> {
  const signal = options.signal ?? new AbortController().signal;
  const session = await connector.openBackup({
    resourceArn,
    options: {},
    signal,
    ...(options.parent === undefined
      ? {}
      : { parent: { recoveryPointArn: 'arn:aws:backup:::recovery-point:parent', content: options.parent } }),
  });
  let stored = false;
  try {
    const { parent } = options;
    const point = await MemoryRecoveryPoint.capture(session.entries(signal), {
      signal,
      ...(parent === undefined ? {} : { parent }),
    });
    await session.state?.();
    stored = true;
    return { point, session };
  } finally {
    await session.release({ stored });
  }
}

/** The first resource that the source discovers. */
export async function firstResource(connector: Connector) {
  for await (const resource of connector.discover(new AbortController().signal)) return resource;
  return assert.fail('the source discovers no resource');
}
