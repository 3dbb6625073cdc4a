import type { BackupHandler } from '../../action.ts';
import { backupArn } from '../../arn.ts';
import { invalidParameter, limitExceeded, missingParameter } from '../../errors.ts';
import { requestFingerprint } from '../../request-fingerprint.ts';
import { checkTags } from '../../tags/tag-rules.ts';
import { beginEnforcement } from '../enforce-legal-hold.ts';
import type { LegalHoldPorts } from '../legal-hold-ports.ts';
import type { LegalHoldRecord } from '../legal-hold-store.ts';
import { presentCriteria } from '../present-legal-hold.ts';
import { readCriteria } from '../read-criteria.ts';

export const LONGEST_DESCRIPTION = 280;

/**
 * API-35 to API-43. The hold and its recovery points are written in one transaction, so that it holds when the answer
 * comes. It is CREATING until the engine holds them as well: for a small hold that is before the answer.
 */
export function createLegalHold(ports: LegalHoldPorts): BackupHandler<'CreateLegalHold'> {
  return async (input, context) => {
    if (input.Title.trim() === '') throw missingParameter('Title');
    if (input.Description.trim() === '') throw missingParameter('Description');
    if (input.Description.length > LONGEST_DESCRIPTION) {
      throw invalidParameter(`Description may have at most ${LONGEST_DESCRIPTION} characters.`, 'Description');
    }
    const scope = { accountId: context.accountId, region: context.region };
    const holdId = ports.ids.uuid();
    const hold: LegalHoldRecord = {
      ...scope,
      holdId,
      arn: backupArn(scope, 'legal-hold', holdId),
      title: input.Title,
      description: input.Description,
      status: 'CREATING',
      criteria: readCriteria(input.RecoveryPointSelection, context.now),
      createdAt: context.now,
      requestFingerprint: requestFingerprint(input, ['IdempotencyToken']),
      ...(input.IdempotencyToken === undefined ? {} : { idempotencyToken: input.IdempotencyToken }),
    };
    const tags = checkTags(input.Tags, ports.quotas.tagsPerResource);
    const retried = await ports.catalog.transaction(async () => {
      const earlier = await findRetried(ports, hold);
      if (earlier !== undefined) return earlier;
      if ((await ports.legalHolds.countActive(context.accountId)) >= ports.legalHoldsPerAccount) {
        throw limitExceeded(
          `The account has ${ports.legalHoldsPerAccount} active legal holds, which is the limit. Cancel one first.`,
          'LegalHold',
        );
      }
      await ports.legalHolds.create(hold, tags);
      return undefined;
    });
    if (retried !== undefined) return presentCreated(retried);
    return presentCreated({ ...hold, status: await beginEnforcement(ports, hold) });
  };
}

async function findRetried(ports: LegalHoldPorts, hold: LegalHoldRecord): Promise<LegalHoldRecord | undefined> {
  if (hold.idempotencyToken === undefined) return undefined;
  const earlier = await ports.legalHolds.findByIdempotencyToken(hold, hold.idempotencyToken);
  if (earlier === undefined || earlier.requestFingerprint === hold.requestFingerprint) return earlier;
  throw invalidParameter(
    `IdempotencyToken was used before for a different legal hold (${earlier.holdId}). Use a new token.`,
    'IdempotencyToken',
  );
}

function presentCreated(hold: LegalHoldRecord) {
  return {
    LegalHoldId: hold.holdId,
    LegalHoldArn: hold.arn,
    Title: hold.title,
    Description: hold.description,
    Status: hold.status,
    CreationDate: new Date(hold.createdAt),
    RecoveryPointSelection: presentCriteria(hold.criteria),
  };
}
