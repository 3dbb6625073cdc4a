/** Judges the two vaults between two workers, and when all is over. */
import { setTimeout as sleep } from 'node:timers/promises';
import { auditVault } from '../../collect/audit-vault.ts';
import { executeCollection } from '../../collect/execute-collection.ts';
import { COLLECTION_DEFAULTS, planCollection } from '../../collect/plan-collection.ts';
import { executeReconcile, planReconcile } from '../../collect/reconcile.ts';
import { holdsOn, releaseHold } from '../../retention/legal-hold.ts';
import { checkLog } from './check-log.ts';
import { checkRecoveryPoint } from './check-recovery-point.ts';
import { isLeaseLost } from './refusals.ts';
import type { SoakJournal } from './soak-journal.ts';
import { mustStand } from './soak-point.ts';
import { LEASE_MS, type SoakVault, type SoakVaults } from './soak-vault.ts';

/** Everything promised is whole; what was half deleted is whole or gone; the counters add up. */
export async function checkAll(vaults: SoakVaults, journal: SoakJournal): Promise<void> {
  const { points, logs } = journal.read();
  for (const point of points.values()) {
    const startedAt = Date.now();
    const found = await patiently(journal, () => checkRecoveryPoint(vaults[point.side].repository, point));
    if (!found && mustStand(point, startedAt)) throw new Error(`${point.id} was promised and is gone`);
  }
  for (const [stream, log] of logs) {
    await patiently(journal, () => checkLog(vaults[0].repository, stream, log));
  }
  for (const { parts, side } of vaults) {
    const { findings } = await auditVault(parts);
    if (findings.length > 0) throw new Error(`vault ${side} counts wrong: ${JSON.stringify(findings.slice(0, 3))}`);
  }
  journal.count('checks');
  journal.count('recovery points checked', points.size);
}

/** A machine that is busy with other things may let a short lease lapse: that is a refusal, and the check begins again. */
async function patiently<T>(journal: SoakJournal, check: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (!isLeaseLost(error)) throw error;
      journal.count('leases lost while checking');
    }
  }
}

/** With every recovery point deleted, every grace over and every dead lease lapsed, a store holds no content. */
export async function emptyVault({ repository, parts, side }: SoakVault): Promise<void> {
  const ids: string[] = [];
  let freeAt = Date.now() + LEASE_MS;
  for await (const { recoveryPointId } of repository.recoveryPoints()) {
    ids.push(recoveryPointId);
    for (const hold of await holdsOn(parts, recoveryPointId)) await releaseHold(parts, recoveryPointId, hold);
    const point = await parts.authority.recoveryPoint(parts.vaultId, recoveryPointId);
    freeAt = Math.max(freeAt, point?.retention.lockedUntilAt ?? 0);
  }
  // Packs may be locked for recovery points that are gone, never for longer than the soak locks anything.
  for (const { packId } of await parts.authority.allPacks(parts.vaultId, undefined, 100_000)) {
    const [lock] = await parts.authority.collection.packLocks(parts.vaultId, [packId]);
    freeAt = Math.max(freeAt, lock?.untilAt ?? 0);
  }
  await sleep(freeAt + 1000 - Date.now());
  const { refused } = await repository.executeDelete(await repository.planDelete(ids));
  if (refused.length > 0) throw new Error(`not deleted in the end: ${JSON.stringify(refused.slice(0, 3))}`);
  const options = { ...COLLECTION_DEFAULTS, graceMs: 100 };
  for (let round = 0; round < 4; round += 1) {
    await executeCollection(parts, await planCollection(parts, options), options);
    await sleep(200);
    // The first run removes objects of writers that were killed, the next what only those still named.
    await executeReconcile(parts, await planReconcile(parts, { orphanGraceMs: 0 }));
  }
  const left: string[] = [];
  for await (const { key } of parts.store.list('')) if (!/^(vault$|keys\/)/.test(key)) left.push(key);
  if (left.length === 0) return;
  throw new Error(`vault ${side}: ${left.length} objects were never freed, for example ${left.slice(0, 3).join(', ')}`);
}
