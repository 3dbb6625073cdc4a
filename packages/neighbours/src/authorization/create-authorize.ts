import { type AuthorizePort, ServiceError } from '@holdfast/wire';
import { AccessKeyUse } from '../identity/access-key-use.ts';
import type { IdentityStore } from '../identity/identity-store.ts';
import type { AccessChecks } from './access-checks.ts';
import type { Authorizer } from './authorizer.ts';
import { type BackupResources, backupChecks } from './backup-checks.ts';
import { holdfastChecks } from './holdfast-checks.ts';
import { iamChecks } from './iam-checks.ts';

export interface AuthorizePorts {
  readonly authorizer: Authorizer;
  readonly store: IdentityStore;
  readonly backup: BackupResources;
  /** Checks of further services by service name; those win over the ones built in. */
  readonly services?: Readonly<Record<string, AccessChecks>>;
}

/** Its handlers check by themselves: they alone can look keys up by alias and roles with their trust policies. */
const checkedByHandler: AccessChecks = async () => [];
/** Needs no permission in AWS either. */
const PERMITTED_STS = new Set(['GetCallerIdentity', 'GetSessionToken', 'AssumeRole']);

/** The authorize port of the wire: evaluates every policy that has a say before a handler runs. */
export function createAuthorize({ authorizer, store, backup, services }: AuthorizePorts): AuthorizePort {
  const ofBackup = backupChecks(backup);
  const checks: Readonly<Record<string, AccessChecks>> = {
    backup: ofBackup,
    holdfast: holdfastChecks(ofBackup),
    iam: iamChecks(store),
    sts: async ({ action, context }) => (PERMITTED_STS.has(context.operation) ? [] : [{ action, resource: '*' }]),
    kms: checkedByHandler,
    ...services,
  };
  const use = new AccessKeyUse(store);
  return async (request) => {
    const { context, action } = request;
    if (!context.isTemporary) await use.note(context.accessKeyId, context.now, context.region, context.service);
    const { principal } = context;
    if (context.service === 'iam' && context.isTemporary && principal.type === 'IAMUser' && !principal.isSignedIn) {
      throw new ServiceError('InvalidClientTokenId', 'Session credentials of GetSessionToken cannot call iam.');
    }
    const needed = (await checks[context.service]?.(request)) ?? [{ action, resource: '*' }];
    for (const check of needed) await authorizer.check(context, check);
  };
}
