/** Looks after every vault: frees what nothing needs, moves packs between tiers, checks what was stored. */
import type { BackupVaultRecord } from '@holdfast/control';
import {
  COLLECTION_DEFAULTS,
  executeCollection,
  executeTiers,
  executeVerification,
  planCollection,
  planTiers,
  planVerification,
  VERIFICATION_DEFAULTS,
} from '@holdfast/engine/maintenance';
import type { Control } from './compose/control-ports.ts';
import type { Logger } from './logger.ts';

/** How long packs that had to be warmed stay readable, in ms. */
const WARM_FOR_MS = 7 * 86_400_000;

export interface MaintenanceOptions {
  /** How long a pack that nothing needs stays in the trash before it is deleted, in ms. */
  readonly graceMs: number;
}

/** One round over all vaults; a vault that fails is logged and does not stop the others. */
export async function maintainVaults(
  control: Control,
  log: Logger,
  options: MaintenanceOptions,
  signal: AbortSignal,
): Promise<void> {
  let afterKey: string | undefined;
  do {
    const page = await control.ports.stores.vaults.listAll({
      limit: 100,
      ...(afterKey === undefined ? {} : { afterKey }),
    });
    for (const vault of page.items) {
      if (signal.aborted) return;
      try {
        await maintainVault(control, log, vault, options, signal);
      } catch (error) {
        if (!signal.aborted) log.error({ err: error, vault: vault.arn }, 'a vault could not be maintained');
      }
    }
    afterKey = page.nextKey;
  } while (afterKey !== undefined);
}

async function maintainVault(
  control: Control,
  log: Logger,
  vault: BackupVaultRecord,
  options: MaintenanceOptions,
  signal: AbortSignal,
): Promise<void> {
  const { parts } = await control.repositories.open(vault);
  const collection = { ...COLLECTION_DEFAULTS, ...options };
  const outcome = await executeCollection(parts, await planCollection(parts, collection), { ...collection, signal });
  if (outcome.frozen !== undefined) {
    log.error(
      { vault: vault.arn, reason: outcome.frozen },
      'deletion is frozen in a vault: its counters were found wrong',
    );
  } else if (outcome.freedBytes > 0) {
    log.info({ vault: vault.arn, freedBytes: outcome.freedBytes, packs: outcome.purged.length }, 'space was freed');
  }
  await executeTiers(parts, await planTiers(parts), { warmForMs: WARM_FOR_MS, signal });
  const plan = await planVerification(parts, VERIFICATION_DEFAULTS);
  if (plan.overdue > 0)
    log.warn({ vault: vault.arn, packs: plan.overdue }, 'packs were not read within the promised time');
  const { damaged } = await executeVerification(parts, plan, { ...VERIFICATION_DEFAULTS, signal });
  for (const finding of damaged) log.error({ vault: vault.arn, ...finding }, 'a stored pack is damaged');
}
