import { parseVaultArn } from '../arn.ts';
import type { ControlStores } from '../ports.ts';
import type { Scope } from '../scope.ts';

/** A kind of thing that can carry tags. */
export interface TagTarget {
  /** The ARN under which tags are kept when the ARN names such a thing of this scope and it exists; else undefined. */
  find(scope: Scope, arn: string): Promise<string | undefined>;
}

/** Vaults and recovery points; other concepts add theirs. */
export function vaultTagTarget(stores: Pick<ControlStores, 'vaults'>): TagTarget {
  return {
    async find(scope, arn) {
      const named = parseVaultArn(arn);
      if (named === undefined || named.accountId !== scope.accountId || named.region !== scope.region) return undefined;
      return (await stores.vaults.get(scope, named.name))?.arn;
    },
  };
}

export function recoveryPointTagTarget(stores: Pick<ControlStores, 'recoveryPoints'>): TagTarget {
  return {
    async find(scope, arn) {
      const recoveryPoint = await stores.recoveryPoints.getByArn(scope.accountId, arn);
      return recoveryPoint?.region === scope.region ? recoveryPoint.arn : undefined;
    },
  };
}
