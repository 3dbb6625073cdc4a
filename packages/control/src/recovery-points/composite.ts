/** Composite recovery points and what is nested in them (BKP-174, BKP-176 to BKP-180, BKP-190). */
import type { ControlPorts } from '../ports.ts';
import type { RecoveryPointRecord } from './recovery-point-store.ts';

const USABLE = ['COMPLETED', 'PARTIAL', 'AVAILABLE'] as const;

/** Whether a composite still holds nested recovery points: it goes after the last of them. */
export async function hasNested(ports: Pick<ControlPorts, 'stores'>, point: RecoveryPointRecord): Promise<boolean> {
  if (!point.isParent) return false;
  const query = { vaultId: point.vaultId, parentRecoveryPointArn: point.arn };
  return (await ports.stores.recoveryPoints.list(query, { limit: 1 })).items.length > 0;
}

/**
 * What becomes of the composite when a nested recovery point was deleted or left it: it is PARTIAL from then on. When the
 * lifecycle took the last one, the composite is due as well, unless a lock keeps it until its own date.
 */
export async function leaveComposite(
  ports: Pick<ControlPorts, 'stores' | 'clock'>,
  child: RecoveryPointRecord,
): Promise<void> {
  if (child.parentRecoveryPointArn === undefined) return;
  const { recoveryPoints, vaults } = ports.stores;
  const parent = await recoveryPoints.get(child.vaultId, child.parentRecoveryPointArn);
  if (parent === undefined) return;
  const now = ports.clock.now();
  const isOver = child.deleteAt !== undefined && child.deleteAt <= now;
  const isLast = !(await hasNested(ports, parent));
  const isFree = (await vaults.getById(parent.vaultId))?.lock === undefined;
  const deleteAt = isOver && isLast && isFree ? Math.min(parent.deleteAt ?? now, now) : undefined;
  await recoveryPoints.change(
    parent.vaultId,
    parent.arn,
    {
      status: 'PARTIAL',
      statusMessage: 'A nested recovery point was deleted or disassociated.',
      ...(deleteAt === undefined ? {} : { deleteAt }),
    },
    USABLE,
  );
}
