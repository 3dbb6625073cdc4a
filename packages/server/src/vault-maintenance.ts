/** Looks after every vault: frees what nothing needs, moves packs between tiers, checks what was stored. */
import type { BackupVaultRecord } from '@holdfast/control';
import {
  auditVault,
  COLLECTION_DEFAULTS,
  executeCollection,
  executeReconcile,
  executeTiers,
  executeVerification,
  planCollection,
  planReconcile,
  planTiers,
  planVerification,
  RECONCILE_DEFAULTS,
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

/** One round over all vaults: frees, moves between tiers, verifies. */
export function maintainVaults(
  control: Control,
  log: Logger,
  options: MaintenanceOptions,
  signal: AbortSignal,
): Promise<void> {
  return forEachVault(control, log, signal, (vault) => maintainVault(control, log, vault, options, signal));
}

/**
 * The slow look at everything, once a day: walks all trees and compares them with the counters (a mismatch freezes
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

async function inspectVault(
  control: Control,
  log: Logger,
  vault: BackupVaultRecord,
  signal: AbortSignal,
): Promise<void> {
  const { parts } = await control.repositories.open(vault);
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
