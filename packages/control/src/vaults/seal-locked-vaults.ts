/**
 * When the grace time of a compliance lock is over, what the vault holds is locked in the store too: from then on not
 * even somebody with the store's credentials deletes it early. What is written later is sealed as it is written.
 */
import type { ControlPorts } from '../ports.ts';
import type { RecoveryPointRecord } from '../recovery-points/recovery-point-store.ts';
import { retentionForEngine } from '../recovery-points/retention-for-engine.ts';
import { isImmutable } from './vault-lock-rules.ts';
import type { BackupVaultRecord } from './vault-store.ts';

const PAGE = 100;

/** One round over all vaults; a vault of which a recovery point fails is done again in the next round. */
export async function sealLockedVaults(ports: ControlPorts, signal: AbortSignal): Promise<void> {
  let afterKey: string | undefined;
  do {
    const page = await ports.stores.vaults.listAll({ limit: PAGE, ...(afterKey === undefined ? {} : { afterKey }) });
    for (const vault of page.items) {
      if (signal.aborted) return;
      if (isImmutable(vault.lock, ports.clock.now()) && vault.lock?.sealedAt === undefined) {
        await sealVault(ports, vault, signal);
      }
    }
    afterKey = page.nextKey;
  } while (afterKey !== undefined);
}

async function sealVault(ports: ControlPorts, vault: BackupVaultRecord, signal: AbortSignal): Promise<void> {
  const now = ports.clock.now();
  let failures = 0;
  for await (const point of pointsOf(ports, vault)) {
    if (signal.aborted) return;
    const retention = retentionForEngine(now, point.deleteAt, vault.lock);
    try {
      await ports.repositories.changeRetention(vault, point.engineId, retention);
    } catch (error) {
      failures += 1;
      const reason = error instanceof Error ? error.message : String(error);
      ports.log('warn', 'a recovery point could not be locked in its store', { recoveryPointArn: point.arn, reason });
    }
  }
  if (failures === 0) await ports.stores.vaults.noteLockSealed(vault.vaultId, now);
}

async function* pointsOf(ports: ControlPorts, { vaultId }: BackupVaultRecord): AsyncGenerator<RecoveryPointRecord> {
  let afterKey: string | undefined;
  do {
    const request = { limit: PAGE, ...(afterKey === undefined ? {} : { afterKey }) };
    const page = await ports.stores.recoveryPoints.list({ vaultId }, request);
    yield* page.items.filter((point) => point.status !== 'DELETING' && !isLiveContinuous(point));
    afterKey = page.nextKey;
  } while (afterKey !== undefined);
}

/** It has no date to be locked until: each day's base and log are sealed as they are written. */
function isLiveContinuous({ isContinuous, deleteAt }: RecoveryPointRecord): boolean {
  return isContinuous && deleteAt === undefined;
}
