/**
 * The soak: kills writers, collectors and readers of one vault at random moments and checks after each kill that
 * nothing acknowledged was lost; at the end deletes everything and checks that everything is freed.
 *
 *   node scripts/run.mjs packages/engine/src/testing/soak/main.ts [minutes] [directory]
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { auditVault } from '../../collect/audit-vault.ts';
import { executeCollection } from '../../collect/execute-collection.ts';
import { COLLECTION_DEFAULTS, planCollection } from '../../collect/plan-collection.ts';
import { executeReconcile, planReconcile } from '../../collect/reconcile.ts';
import { checkRecoveryPoint } from './check-recovery-point.ts';
import { isLeaseLost } from './lease-lost.ts';
import { dice } from './soak-content.ts';
import { SoakJournal } from './soak-journal.ts';
import { LEASE_MS, openSoakVault } from './soak-vault.ts';

const minutes = Number(process.argv[2] ?? '1');
const directory = process.argv[3] ?? mkdtempSync(join(tmpdir(), 'holdfast-soak-'));
mkdirSync(directory, { recursive: true });
const journal = new SoakJournal(join(directory, 'journal'));
const throwDice = dice(Date.now() >>> 0);
const endAt = Date.now() + minutes * 60_000;

for (let round = 1; Date.now() < endAt; round += 1) {
  const child = startWorker(round);
  const died = exitOf(child);
  // The time to live counts from the first act, or a loaded machine would kill none but sleepers.
  const ready = new Promise<void>((resolve) => child.once('message', () => resolve()));
  await Promise.race([ready, died]);
  const outcome = await Promise.race([died, sleep(500 + throwDice(6000)).then(() => 'running' as const)]);
  if (outcome !== 'running') throw new Error(`the worker ended by itself (${outcome}); see ${directory}`);
  child.kill('SIGKILL');
  await died;
  journal.count('kills');
  if (round % 5 === 0) await checkAll();
}
await checkAll();
await emptyAll();
console.log(JSON.stringify({ minutes, ...journal.read().counts }, null, 2));
rmSync(directory, { recursive: true, force: true });

function startWorker(seed: number): ChildProcess {
  const program = new URL('soak-worker.ts', import.meta.url).pathname;
  return spawn(process.execPath, [program, directory, `${process.pid}${seed}`], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
}

function exitOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`)));
}

/** Everything promised is whole; what was half deleted is whole or gone. */
async function checkAll(): Promise<void> {
  const { repository, parts } = await openSoakVault(directory);
  const { promised, undecided } = journal.read();
  for (const [id, files] of promised) {
    const found = await patiently(() => checkRecoveryPoint(repository, id, files));
    if (!found) throw new Error(`${id} was acknowledged and is gone`);
  }
  for (const [id, files] of undecided) await patiently(() => checkRecoveryPoint(repository, id, files));
  const { findings } = await auditVault(parts);
  if (findings.length > 0) throw new Error(`the counters are wrong: ${JSON.stringify(findings.slice(0, 3))}`);
  journal.count('checks');
  journal.count('recovery points checked', promised.size);
  await repository.close();
  console.error(JSON.stringify(journal.read().counts));
}

/** A machine that is busy with other things may let a short lease lapse: that is a refusal, and the check begins again. */
async function patiently(check: () => Promise<boolean>): Promise<boolean> {
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (!isLeaseLost(error)) throw error;
      journal.count('leases lost while checking');
    }
  }
}

/** With every recovery point deleted, every grace over and every dead lease lapsed, the store holds no content. */
async function emptyAll(): Promise<void> {
  const { repository, parts } = await openSoakVault(directory);
  const ids: string[] = [];
  for await (const { recoveryPointId } of repository.recoveryPoints()) ids.push(recoveryPointId);
  await repository.executeDelete(await repository.planDelete(ids));
  await sleep(LEASE_MS + 500);
  const options = { ...COLLECTION_DEFAULTS, graceMs: 100 };
  for (let round = 0; round < 3; round += 1) {
    await executeCollection(parts, await planCollection(parts, options), options);
    await sleep(200);
  }
  // The first run removes objects of writers that were killed, the second what only those still named.
  for (let run = 0; run < 2; run += 1) {
    await executeReconcile(parts, await planReconcile(parts, { orphanGraceMs: 0 }));
  }
  const left: string[] = [];
  for await (const { key } of parts.store.list('')) if (!/^(vault$|keys\/)/.test(key)) left.push(key);
  if (left.length > 0)
    throw new Error(`${left.length} objects were never freed, for example ${left.slice(0, 3).join(', ')}`);
  await repository.close();
}
