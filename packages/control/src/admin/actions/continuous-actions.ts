/** Continuous backups as operators see them: window with its gaps, lag, who captures, what went wrong last. */
import type { ContinuousBackupRecord } from '../../continuous/continuous-backup-store.ts';
import { keptDays } from '../../continuous/continuous-retention.ts';
import { wholeSeconds } from '../../continuous/restorable-time.ts';
import { restorableWindow } from '../../continuous/restorable-window.ts';
import { NEVER } from '../../continuous/start-continuous.ts';
import { invalidRequest, resourceNotFound } from '../../errors.ts';
import { optionalDate } from '../../optional-date.ts';
import { listPage } from '../../pagination/next-token.ts';
import type { ControlPorts } from '../../ports.ts';
import type { AdminHandler, AdminOperations } from '../admin-service.ts';

type Capture = AdminOperations['GetContinuousBackup']['output']['Capture'];

/** GetContinuousBackup: of one continuous recovery point. */
export function getContinuousBackup(ports: ControlPorts): AdminHandler<'GetContinuousBackup'> {
  return async (input, context) => {
    const arn = input.RecoveryPointArn;
    const point = await ports.stores.recoveryPoints.getByArn(context.accountId, arn);
    if (point === undefined || point.region !== context.region) {
      throw resourceNotFound(`There is no recovery point ${arn} in this account and region.`, arn);
    }
    const record = await ports.stores.continuousBackups.ofRecoveryPoint(point.vaultId, arn);
    if (record === undefined) throw invalidRequest(`Recovery point ${arn} is a snapshot; it has no window.`, arn);
    return { Capture: await presentCapture(ports, record) };
  };
}

/** ListContinuousBackups: all of the account and region, those that have stopped included. */
export function listContinuousBackups(ports: ControlPorts): AdminHandler<'ListContinuousBackups'> {
  return async (input, context) => {
    const { accountId, region } = context;
    const { items, NextToken } = await listPage(input, context, (page) =>
      ports.stores.continuousBackups.list({ scope: { accountId, region } }, page),
    );
    return { Captures: await Promise.all(items.map((record) => presentCapture(ports, record))), NextToken };
  };
}

async function presentCapture(
  { stores, clock }: Pick<ControlPorts, 'stores' | 'clock'>,
  record: ContinuousBackupRecord,
): Promise<Capture> {
  const now = clock.now();
  const window = restorableWindow(record, await stores.continuousBackups.bases(record.continuousId), now);
  const shown = window === undefined ? undefined : wholeSeconds(window);
  const { error } = record;
  return {
    RecoveryPointArn: record.recoveryPointArn,
    ResourceArn: record.resourceArn,
    ResourceType: record.resourceType,
    Nature: record.nature,
    State: record.state,
    StateReason: record.reason,
    CreationDate: new Date(record.createdAt),
    RetentionDays: record.retention.days,
    KeptDays: keptDays(record.retention, now),
    EarliestRestorableDate: optionalDate(shown?.earliestAt),
    LatestRestorableDate: optionalDate(shown?.latestAt),
    LagSeconds: window === undefined ? undefined : Math.max(0, Math.round((now - window.latestAt) / 1000)),
    Gaps: (window?.gaps ?? []).map(({ fromAt, untilAt }) => ({
      FromDate: new Date(fromAt),
      ToDate: new Date(untilAt),
    })),
    WorkerId: record.lease === undefined || record.lease.expiresAt <= now ? undefined : record.lease.workerId,
    LastStoredDate: optionalDate(record.storedAt),
    LastError: error?.message,
    LastErrorDate: optionalDate(error?.at),
    ErrorCount: error?.count,
    NextTryDate: error === undefined || record.dueAt >= NEVER ? undefined : new Date(record.dueAt),
  };
}
