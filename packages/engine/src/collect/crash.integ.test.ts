import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AuthorityError } from '../authority/authority-error.ts';
import { addHold, changeRetention, removeHold } from '../retention/change-retention.ts';
import { deleteRecoveryPoint } from '../retention/delete-recovery-point.ts';
import { sampleBytes } from '../store/contract/store-case.ts';
import { TINY_PACKS, tryEveryCrash } from '../testing/crash-scenarios.ts';
import type { SampleVault } from '../testing/sample-vault.ts';
import { executeCollection } from './execute-collection.ts';
import { planCollection } from './plan-collection.ts';

function content(...seeds: readonly number[]): Map<string, Uint8Array> {
  return new Map(seeds.map((seed) => [`file-${seed}`, sampleBytes(900, seed)]));
}

const RANGE = Array.from({ length: 18 }, (_, index) => index + 1);
const FEW = content(1, 7, 13);

async function unlessCommitted(vault: SampleVault, recoveryPointId: string, work: () => Promise<void>): Promise<void> {
  const committed = await vault.authority.recoveryPoint(vault.vaultId, recoveryPointId);
  if (committed === undefined) await work();
}

async function ifThere(work: Promise<void>): Promise<void> {
  await work.catch((error: unknown) => {
    if (!(error instanceof AuthorityError && error.code === 'not-found')) throw error;
  });
}

describe('a crash at any step', () => {
  test('of a first and of an incremental backup loses nothing and leaves nothing', async (t) => {
    const both = new Map([
      ['one', content(1, 2, 3, 4, 5)],
      ['two', content(3, 4, 5, 6)],
    ]);
    const crashes = await tryEveryCrash({
      prepare: async () => undefined,
      async operate(vault) {
        await unlessCommitted(vault, 'one', () => vault.backup('one', content(1, 2, 3, 4, 5)));
        await unlessCommitted(vault, 'two', () => vault.backup('two', content(3, 4, 5, 6), { parentId: 'one' }));
      },
      always: new Map(),
      finally: both,
    });
    t.diagnostic(`${crashes} crashes`);
  });

  test('of a deletion and its collection loses nothing of others and leaves nothing', async (t) => {
    const crashes = await tryEveryCrash({
      async prepare(vault) {
        await vault.backup('all', content(...RANGE));
        await vault.backup('few', FEW);
      },
      async operate(vault, { clock }) {
        await ifThere(deleteRecoveryPoint(vault, 'all'));
        for (let round = 0; round < 2; round += 1) {
          await executeCollection(vault, await planCollection(vault, TINY_PACKS), TINY_PACKS);
          clock.advance(TINY_PACKS.graceMs);
        }
      },
      always: new Map([['few', FEW]]),
      finally: new Map([['few', FEW]]),
    });
    t.diagnostic(`${crashes} crashes`);
  });

  test('of a change of retention keeps the stricter side, and repeating finishes it', async (t) => {
    const one = new Map([['one', content(1, 2, 3)]]);
    const crashes = await tryEveryCrash({
      prepare: (vault) => vault.backup('one', content(1, 2, 3)),
      async operate(vault, { clock }) {
        const lockedUntilAt = clock.now() + 10_000;
        await changeRetention(vault, 'one', { lockedUntilAt, lockMode: 'governance' });
        await addHold(vault, 'one', 'case');
        await assert.rejects(deleteRecoveryPoint(vault, 'one'), /legal hold/);
        await removeHold(vault, 'one', 'case');
      },
      always: one,
      finally: one,
    });
    t.diagnostic(`${crashes} crashes`);
  });

  test('of a rotation of keys keeps every recovery point readable', async (t) => {
    const one = new Map([['one', content(1, 2, 3)]]);
    const crashes = await tryEveryCrash({
      prepare: (vault) => vault.backup('one', content(1, 2, 3)),
      async operate(vault, { keyProvider }) {
        keyProvider.rotate();
        await vault.keys.rotate();
      },
      always: one,
      finally: one,
    });
    t.diagnostic(`${crashes} crashes`);
  });
});
