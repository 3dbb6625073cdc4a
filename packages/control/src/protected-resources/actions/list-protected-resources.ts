import type { BackupHandler } from '../../action.ts';
import { listPage } from '../../pagination/next-token.ts';
import type { ControlPorts } from '../../ports.ts';
import { presentProtectedResource } from '../present-protected-resource.ts';

/** ListProtectedResources (API2-80, API2-81). */
export function listProtectedResources(ports: ControlPorts): BackupHandler<'ListProtectedResources'> {
  return async (input, context) => {
    const scope = { accountId: context.accountId, region: context.region };
    const { items, NextToken } = await listPage(input, context, (page) =>
      ports.stores.protectedResources.list(scope, page),
    );
    return { Results: items.map(presentProtectedResource), NextToken };
  };
}
