/**
 * One process of the soak: backs up, restores, deletes and collects at random, two streams of work at once, until it
 * is killed. Every promise goes to the journal as soon as it was made.
 *
 *   node soak-worker.ts <directory> <seed>
 */
import { join } from 'node:path';
import { executeCollection } from '../../collect/execute-collection.ts';
import { COLLECTION_DEFAULTS, planCollection } from '../../collect/plan-collection.ts';
import { checkRecoveryPoint } from './check-recovery-point.ts';
import { isLeaseLost } from './lease-lost.ts';
import { type Dice, dice, entriesOf, nextTree } from './soak-content.ts';
import { SoakJournal } from './soak-journal.ts';
import { openSoakVault, type SoakVault } from './soak-vault.ts';

const MOST_POINTS = 12;
const COLLECTION = { ...COLLECTION_DEFAULTS, graceMs: 1500, repackBelow: 0.8, targetPackBytes: 4 << 20 };

const [directory = '', seed = '1'] = process.argv.slice(2);
const journal = new SoakJournal(join(directory, 'journal'));
const vault = await openSoakVault(directory);
process.send?.('ready');
await Promise.all([1, 2].map((lane) => work(vault, dice(Number(seed) * 2 + lane), `${seed}-${lane}`)));

async function work(soak: SoakVault, throwDice: Dice, lane: string): Promise<void> {
  for (let step = 0; ; step += 1) {
    try {
      await act(soak, throwDice, `${lane}-${step}`);
    } catch (error) {
      if (!isLeaseLost(error)) throw error;
      journal.count('leases lost');
    }
  }
}

async function act(soak: SoakVault, throwDice: Dice, name: string): Promise<void> {
  const choice = throwDice(10);
  const ids = [...journal.read().promised.keys()];
  if (choice < 5 && ids.length < MOST_POINTS) await backUp(soak, throwDice, name, ids);
  else if (choice < 7 && ids.length > 2) await remove(soak, ids[throwDice(ids.length)] ?? '');
  else if (choice < 9) await collect(soak);
  else await restore(soak, ids[throwDice(ids.length)]);
}

async function backUp({ repository }: SoakVault, throwDice: Dice, name: string, ids: readonly string[]): Promise<void> {
  const parentId = throwDice(4) === 0 ? undefined : ids[throwDice(ids.length)];
  const { promised } = journal.read();
  const files = nextTree(throwDice, parentId === undefined ? undefined : promised.get(parentId));
  const recoveryPointId = `point-${name}`;
  try {
    await repository.backupItems({
      recoveryPointId,
      retention: {},
      facts: { name },
      entries: entriesOf(files),
      ...(parentId === undefined ? {} : { parentId }),
    });
  } catch (error) {
    // The other lane may have deleted the parent meanwhile: a refusal, never a half backup.
    if (/not-found/.test((error as { code?: string }).code ?? '')) return journal.count('backups refused');
    throw error;
  }
  journal.append({ fact: 'acknowledged', id: recoveryPointId, files });
  journal.count('backups');
}

async function remove({ repository }: SoakVault, id: string): Promise<void> {
  journal.append({ fact: 'deleting', id });
  const { deleted } = await repository.executeDelete(await repository.planDelete([id]));
  if (deleted.includes(id)) journal.append({ fact: 'deleted', id });
  journal.count('deletions');
}

async function collect({ parts }: SoakVault): Promise<void> {
  const { frozen, purged, relocations } = await executeCollection(
    parts,
    await planCollection(parts, COLLECTION),
    COLLECTION,
  );
  if (frozen !== undefined) throw new Error(`deletion is frozen: ${frozen}`);
  journal.count('collections');
  journal.count('packs purged', purged.length);
  journal.count('packs repacked', relocations.length);
}

async function restore(soak: SoakVault, id: string | undefined): Promise<void> {
  const files = id === undefined ? undefined : journal.read().promised.get(id);
  if (id === undefined || files === undefined) return;
  const found = await checkRecoveryPoint(soak.repository, id, files);
  // Deleted by the other lane while it was looked for: fine, if the journal says so now.
  if (!found && journal.read().promised.has(id)) throw new Error(`${id} was acknowledged and is gone`);
  journal.count('restores');
}
