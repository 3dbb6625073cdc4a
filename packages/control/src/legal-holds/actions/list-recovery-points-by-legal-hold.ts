import type { BackupHandler } from '../../action.ts';
import { invalidParameter } from '../../errors.ts';
import { listPage } from '../../pagination/next-token.ts';
import type { LegalHoldPorts } from '../legal-hold-ports.ts';

/** API2-88, API2-89. The action declares no not-found error: an unknown hold is an invalid value. */
export function listRecoveryPointsByLegalHold(ports: LegalHoldPorts): BackupHandler<'ListRecoveryPointsByLegalHold'> {
  return async (input, context) => {
    const hold = await ports.legalHolds.get(context, input.LegalHoldId);
    if (hold === undefined) {
      throw invalidParameter(`There is no legal hold ${input.LegalHoldId}. List the legal holds.`, 'LegalHoldId');
    }
    const page = await listPage(input, context, (request) => ports.legalHolds.listRecoveryPoints(hold.holdId, request));
    return {
      RecoveryPoints: page.items.map((point) => ({
        RecoveryPointArn: point.recoveryPointArn,
        ResourceArn: point.resourceArn,
        ResourceType: point.resourceType,
        BackupVaultName: point.vaultName,
      })),
      NextToken: page.NextToken,
    };
  };
}
