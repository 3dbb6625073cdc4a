/**
 * The soak: kills writers, collectors, readers, copies and whatever else works on two vaults at random moments and
 * checks after some kills that nothing acknowledged was lost and no hold or lock was broken; at the end deletes
 * everything and checks that everything is freed.
 *
 *   node scripts/run.mjs packages/engine/src/testing/soak/main.ts [minutes] [directory]
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkAll, emptyVault } from './soak-check.ts';
import { dice } from './soak-content.ts';
import { SoakJournal } from './soak-journal.ts';
import { openSoakVaults, type SoakVaults } from './soak-vault.ts';

const minutes = Number(process.argv[2] ?? '1');
const directory = process.argv[3] ?? mkdtempSync(join(tmpdir(), 'holdfast-soak-'));
mkdirSync(directory, { recursive: true });
const journal = new SoakJournal(join(directory, 'journal'));
const throwDice = dice(Date.now() >>> 0);
const endAt = Date.now() + minutes * 60_000;
await withVaults(async () => undefined);

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
  if (round % 5 === 0) await check();
}
await check();
await withVaults(async (vaults) => {
  for (const vault of vaults) await emptyVault(vault);
});
console.log(JSON.stringify({ minutes, ...journal.read().counts }, null, 2));
rmSync(directory, { recursive: true, force: true });

async function check(): Promise<void> {
  await withVaults((vaults) => checkAll(vaults, journal));
  console.error(JSON.stringify(journal.read().counts));
}

/** Opens the vaults anew, as another process would: their keys may have been rotated since. */
async function withVaults(use: (vaults: SoakVaults) => Promise<void>): Promise<void> {
  const vaults = await openSoakVaults(directory);
  await use(vaults);
  for (const vault of vaults) await vault.close();
}

function startWorker(seed: number): ChildProcess {
  const program = new URL('soak-worker.ts', import.meta.url).pathname;
  return spawn(process.execPath, [program, directory, `${process.pid}${seed}`], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
}

function exitOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`)));
}
