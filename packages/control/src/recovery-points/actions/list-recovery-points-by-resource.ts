import type { BackupHandler } from '../../action.ts';
import { parseArn } from '../../arn.ts';
import { invalidParameter, resourceNotFound } from '../../errors.ts';
import { listPage } from '../../pagination/next-token.ts';
import type { ControlPorts } from '../../ports.ts';
import type { Scope } from '../../scope.ts';
import { presentRecoveryPointOfResource } from '../present-recovery-point.ts';

/** ListRecoveryPointsByResource (API2-90 to API2-94): all recovery points here are managed by the service. */
export function listRecoveryPointsByResource(ports: ControlPorts): BackupHandler<'ListRecoveryPointsByResource'> {
  return async (input, context) => {
    const scope = { accountId: context.accountId, region: context.region };
    const resourceArn = input.ResourceArn;
    const { items, NextToken } = await listPage(input, context, (page) =>
      ports.stores.recoveryPoints.list({ scope, resourceArn }, page),
    );
    if (items.length === 0 && input.NextToken === undefined) await refuseUnknown(ports, scope, resourceArn);
    return { RecoveryPoints: items.map(presentRecoveryPointOfResource), NextToken };
  };
}

async function refuseUnknown(ports: ControlPorts, scope: Scope, arn: string): Promise<void> {
  if (parseArn(arn) === undefined) throw invalidParameter(`ResourceArn must be an ARN, not "${arn}".`, 'ResourceArn');
  const known =
    (await ports.stores.resources.get(scope, arn)) ?? (await ports.stores.protectedResources.get(scope, arn));
  if (known === undefined) throw resourceNotFound(`There is no resource ${arn}, and it has no recovery points.`, arn);
}
