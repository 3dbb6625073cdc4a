import assert from 'node:assert/strict';
import type { BackupSession, Connector, ParentState } from '../connector.ts';
import { MemoryRecoveryPoint } from './memory-recovery-point.ts';

/** What sessions returned as state when these were made, for the runs that follow. */
const states = new WeakMap<MemoryRecoveryPoint, Uint8Array>();

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
    ...(options.parent === undefined ? {} : { parent: asParent(options.parent) }),
  });
  let stored = false;
  try {
    const { parent } = options;
    const point = await MemoryRecoveryPoint.capture(session.entries(signal), {
      signal,
      ...(parent === undefined ? {} : { parent }),
    });
    const state = await session.state?.();
    if (state !== undefined) states.set(point, state);
    stored = true;
    return { point, session };
  } finally {
    await session.release({ stored });
  }
}

function asParent(content: MemoryRecoveryPoint): ParentState {
  const state = states.get(content);
  return {
    recoveryPointArn: 'arn:aws:backup:::recovery-point:parent',
    content,
    ...(state === undefined ? {} : { state }),
  };
}

/** The first resource that the source discovers. */
export async function firstResource(connector: Connector) {
  for await (const resource of connector.discover(new AbortController().signal)) return resource;
  return assert.fail('the source discovers no resource');
}
