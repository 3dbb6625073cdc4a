import type { BackupHandler } from '../../action.ts';
import { listPage } from '../../pagination/next-token.ts';
import type { LegalHoldPorts } from '../legal-hold-ports.ts';
import { presentLegalHold } from '../present-legal-hold.ts';

/** API2-78, API2-79: active and cancelled holds together, newest first. */
export function listLegalHolds(ports: LegalHoldPorts): BackupHandler<'ListLegalHolds'> {
  return async (input, context) => {
    const page = await listPage(input, context, (request) => ports.legalHolds.list(context, request));
    return { LegalHolds: page.items.map(presentLegalHold), NextToken: page.NextToken };
  };
}
