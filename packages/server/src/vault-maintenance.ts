/** Looks after every vault: frees what nothing needs, moves packs between tiers, checks what was stored. */
import type { BackupVaultRecord } from '@holdfast/control';
import {
  auditVault,
  COLLECTION_DEFAULTS,
  executeCollection,
  executeIndexRepair,
  executeReconcile,
  executeTiers,
  executeVerification,
  planCollection,
  planIndexRepair,
  planReconcile,
  planTiers,
  planVerification,
  RECONCILE_DEFAULTS,
  type VaultParts,
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

/** One round over all vaults: frees, and moves between tiers. Reads next to nothing, so that no vault waits long for it. */
export function freeVaults(
  control: Control,
  log: Logger,
  options: MaintenanceOptions,
  signal: AbortSignal,
): Promise<void> {
  return forEachVault(control, log, signal, (vault) => freeVault(control, log, vault, options, signal));
}

/** One round over all vaults: reads what is due to be read. May take hours, and nothing waits for it. */
export function verifyVaults(control: Control, log: Logger, signal: AbortSignal): Promise<void> {
  return forEachVault(control, log, signal, (vault) => verifyVault(control, log, vault, signal));
}

/**
 * The slow look at everything, once a day: reads the index, walks all trees and compares them with the counters (a mismatch freezes
 * deletion), lists the store and removes what nobody knows and is older than a week.
 */
export function inspectVaults(control: Control, log: Logger, signal: AbortSignal): Promise<void> {
  return forEachVault(control, log, signal, (vault) => inspectVault(control, log, vault, signal));
}

/** A vault that fails is logged and does not stop the others. */
async function forEachVault(
  control: Control,
  log: Logger,
  signal: AbortSignal,
  work: (vault: BackupVaultRecord) => Promise<void>,
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
        await work(vault);
      } catch (error) {
        if (!signal.aborted) log.error({ err: error, vault: vault.arn }, 'a vault could not be maintained');
      }
    }
    afterKey = page.nextKey;
  } while (afterKey !== undefined);
}

async function freeVault(
  control: Control,
  log: Logger,
  vault: BackupVaultRecord,
  options: MaintenanceOptions,
  signal: AbortSignal,
): Promise<void> {
  const { parts } = await control.repositories.open(vault);
  const collection = { ...COLLECTION_DEFAULTS, ...options };
  const collect = async () =>
    executeCollection(parts, await planCollection(parts, collection), { ...collection, signal });
  const outcome = await collect().catch(async (error: unknown) => {
    // Nothing works without the index, backups neither: when it is damaged it is mended at once.
    if (!(await repairIndex(parts, log, vault, { isDeep: false, signal }))) throw error;
    return collect();
  });
  if (outcome.frozen !== undefined) {
    log.error(
      { vault: vault.arn, reason: outcome.frozen },
      'deletion is frozen in a vault: its counters were found wrong',
    );
  } else if (outcome.freedBytes > 0) {
    log.info({ vault: vault.arn, freedBytes: outcome.freedBytes, packs: outcome.purged.length }, 'space was freed');
  }
  await executeTiers(parts, await planTiers(parts), { warmForMs: WARM_FOR_MS, signal });
}

/** @returns whether there was something to repair */
async function repairIndex(
  parts: VaultParts,
  log: Logger,
  vault: BackupVaultRecord,
  options: { readonly isDeep: boolean; readonly signal: AbortSignal },
): Promise<boolean> {
  const plan = await planIndexRepair(parts, options);
  if (plan.damaged.length === 0) return false;
  const { retired, added, undescribed } = await executeIndexRepair(parts, plan, options.signal);
  const details = { vault: vault.arn, damaged: plan.damaged, retired, added, undescribed };
  log.error(details, 'index segments of a vault were damaged; they were written anew from the packs');
  return true;
}

async function verifyVault(
  control: Control,
  log: Logger,
  vault: BackupVaultRecord,
  signal: AbortSignal,
): Promise<void> {
  const { parts } = await control.repositories.open(vault);
  const plan = await planVerification(parts, VERIFICATION_DEFAULTS);
  if (plan.overdue > 0)
    log.warn({ vault: vault.arn, packs: plan.overdue }, 'packs were not read within the promised time');
  const { damaged } = await executeVerification(parts, plan, { ...VERIFICATION_DEFAULTS, signal });
  for (const finding of damaged) log.error({ vault: vault.arn, ...finding }, 'a stored pack is damaged');
}

async function inspectVault(
  control: Control,
  log: Logger,
  vault: BackupVaultRecord,
  signal: AbortSignal,
): Promise<void> {
  const { parts } = await control.repositories.open(vault);
  await repairIndex(parts, log, vault, { isDeep: true, signal });
  const { findings } = await auditVault(parts, signal);
  for (const finding of findings)
    log.error({ vault: vault.arn, finding }, 'the counters of a vault are wrong; deletion is frozen');
  const plan = await planReconcile(parts, RECONCILE_DEFAULTS, signal);
  if (plan.rolledBack)
    log.error({ vault: vault.arn }, 'the catalog is older than the store of this vault; run holdfast recover');
  for (const packId of plan.missing) log.error({ vault: vault.arn, packId }, 'the store has lost a pack');
  const { deleted, freedBytes } = await executeReconcile(parts, plan, signal);
  if (deleted > 0)
    log.info({ vault: vault.arn, objects: deleted, freedBytes }, 'objects that nobody knew were removed');
}
