/** What the server does by itself, again and again: look for resources, fire plans, carry lifecycles out, clean up. */
import { CatalogDueRecoveryPoints } from '@holdfast/catalog';
import {
  discoverAllSources,
  enforceLegalHolds,
  engineColdStorage,
  expiryDelay,
  organizationPlanRounds,
  type PeriodicTask,
  resumeDeletions,
  runContinuousTick,
  runLifecycleTick,
  runSchedulerTick,
  sealLockedVaults,
  startPeriodicTask,
} from '@holdfast/control';
import { removeExpiredSessions } from '@holdfast/neighbours';
import type { BulkOperations } from './compose/bulk-operations.ts';
import type { Control } from './compose/control-ports.ts';
import type { Foundation } from './compose/foundation.ts';
import type { Identity } from './compose/identity.ts';

const MINUTE_MS = 60_000;

export function startLoops(
  foundation: Foundation,
  identity: Identity,
  control: Control,
  bulk: BulkOperations,
): { stop(): Promise<void> } {
  const { clock, configuration, log } = foundation;
  const loop = (name: string, intervalMs: number, task: (signal: AbortSignal) => Promise<unknown>): PeriodicTask =>
    startPeriodicTask(clock, intervalMs, task, (error) =>
      log.error({ err: error, loop: name }, 'a periodic task failed'),
    );
  const lifecycle = {
    ...control.ports,
    legalHolds: control.legalHolds.legalHolds,
    dueRecoveryPoints: new CatalogDueRecoveryPoints(foundation.catalog),
    copyJobs: control.copyJobs,
    coldStorage: engineColdStorage(control.repositories),
    expiryDelay: expiryDelay(Buffer.from(foundation.masterKey.deriveKey('spread of expiries')).toString('hex')),
  };
  const organizationPlans = organizationPlanRounds({
    ...control.plans,
    effectivePolicies: { listBackupPolicies: () => identity.organizationDirectory.effectiveBackupPolicies() },
  });
  const loops = [
    loop('discovery', configuration.discoveryMinutes * MINUTE_MS, (signal) =>
      discoverAllSources(control.ports, signal),
    ),
    loop('organization plans', MINUTE_MS, organizationPlans),
    loop('scheduler', 15_000, () => runSchedulerTick(control.plans)),
    loop('continuous backups', MINUTE_MS, (signal) =>
      runContinuousTick({ ...control.plans, ...control.ports }, signal),
    ),
    loop('lifecycle', MINUTE_MS, (signal) => runLifecycleTick(lifecycle, signal)),
    loop('legal holds', MINUTE_MS, (signal) => enforceLegalHolds(control.legalHolds, signal)),
    loop('vault locks', 15 * MINUTE_MS, (signal) => sealLockedVaults(control.ports, signal)),
    loop('bulk operations', 10_000, () => bulk.resume()),
    loop('deletions', 5 * MINUTE_MS, () => resumeDeletions(control.ports)),
    loop('keys', 60 * MINUTE_MS, async () => {
      const now = clock.now();
      await identity.keys.executeMaintenance(await identity.keys.planMaintenance(now), now);
    }),
    loop('sessions', 60 * MINUTE_MS, () => removeExpiredSessions(identity.sessions, clock.now())),
  ];
  return {
    async stop() {
      await Promise.all(loops.map((each) => each.stop()));
    },
  };
}
