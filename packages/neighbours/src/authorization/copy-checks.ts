import { accountOfArn } from '../policy/arn.ts';
import { ConditionContext } from '../policy/condition-context.ts';
import type { AccessCheck } from './authorizer.ts';
import type { OrganizationLookup } from './organization-lookup.ts';
import { resourceTagConditions } from './tag-conditions.ts';

/** A copy as policies see it (COPY-37 to COPY-41). */
export interface CopyFacts {
  readonly recoveryPointArn: string;
  readonly sourceVaultArn: string;
  readonly sourceVaultPolicy: string | undefined;
  readonly destinationVaultArn: string;
  readonly destinationVaultPolicy: string | undefined;
  readonly destinationVaultTags: Readonly<Record<string, string>>;
}

/**
 * What the role of a copy job must be allowed: not to be denied to copy out of the source vault towards this destination, and allowed to copy
 * into the destination vault. Evaluated when the job runs, with `Authorizer.decideForRole`.
 */
export async function copyChecks(facts: CopyFacts, organizations: OrganizationLookup): Promise<readonly AccessCheck[]> {
  const destinationAccountId = accountOfArn(facts.destinationVaultArn, '');
  const place = await organizations.placeOf(destinationAccountId);
  const policy = (name: string, text: string | undefined): AccessCheck['resourcePolicy'] =>
    text === undefined ? undefined : { name, text };
  return [
    {
      action: 'backup:CopyFromBackupVault',
      // The guide's role templates do not give it; organisations deny it where copies must not go (COPY-39, COPY-40).
      isGivenUnlessDenied: true,
      resource: facts.recoveryPointArn,
      resourceAccountId: accountOfArn(facts.sourceVaultArn, ''),
      resourcePolicy: policy('access policy of the source vault', facts.sourceVaultPolicy),
      conditions: new ConditionContext({
        'backup:CopyTargets': [facts.destinationVaultArn],
        'backup:CopyTargetOrgPaths': place === undefined ? undefined : [place.path],
      }),
    },
    {
      action: 'backup:CopyIntoBackupVault',
      resource: facts.destinationVaultArn,
      resourceAccountId: destinationAccountId,
      resourcePolicy: policy('access policy of the destination vault', facts.destinationVaultPolicy),
      conditions: resourceTagConditions(facts.destinationVaultTags),
    },
  ];
}
