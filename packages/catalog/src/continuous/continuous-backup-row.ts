import {
  type ContinuousBackupRecord,
  type ContinuousBase,
  type ContinuousChange,
  type ContinuousState,
  LIVE_STATES,
} from '@holdfast/control';
import { fromJson, present, toJson } from '../database/columns.ts';
import type { ContinuousBackupRow, ContinuousBaseRow } from './tables.ts';

type Columns =
  | 'continuousId'
  | 'accountId'
  | 'region'
  | 'vaultId'
  | 'recoveryPointArn'
  | 'resourceArn'
  | 'state'
  | 'dueAt'
  | 'lease'
  | 'fence';

export function toRow(record: ContinuousBackupRecord): ContinuousBackupRow {
  const { continuousId, accountId, region, vaultId, recoveryPointArn, resourceArn, state, dueAt, lease, fence } =
    record;
  return {
    continuous_id: continuousId,
    account_id: accountId,
    region,
    vault_id: vaultId,
    recovery_point_arn: recoveryPointArn,
    resource_arn: resourceArn,
    live_key: LIVE_STATES.includes(state) ? liveKey(record, resourceArn) : null,
    state,
    due_at: dueAt,
    worker_id: lease?.workerId ?? null,
    lease_expires_at: lease?.expiresAt ?? null,
    fence,
    detail: toJson(detailOf(record)),
  };
}

export function liveKey(scope: { readonly accountId: string; readonly region: string }, resourceArn: string): string {
  return `${scope.accountId}/${scope.region}/${resourceArn}`;
}

function detailOf(record: ContinuousBackupRecord): Omit<ContinuousBackupRecord, Columns> {
  const {
    continuousId: _id,
    accountId: _account,
    region: _region,
    vaultId: _vault,
    recoveryPointArn: _arn,
    resourceArn: _resource,
    state: _state,
    dueAt: _due,
    lease: _lease,
    fence: _fence,
    ...detail
  } = record;
  return detail;
}

export function toRecord(row: ContinuousBackupRow): ContinuousBackupRecord {
  const { worker_id: workerId, lease_expires_at: expiresAt } = row;
  return {
    ...fromJson<Omit<ContinuousBackupRecord, Columns>>(row.detail),
    continuousId: row.continuous_id,
    accountId: row.account_id,
    region: row.region,
    vaultId: row.vault_id,
    recoveryPointArn: row.recovery_point_arn,
    resourceArn: row.resource_arn,
    state: row.state as ContinuousState,
    dueAt: row.due_at,
    fence: row.fence,
    ...(workerId === null || expiresAt === null ? {} : { lease: { workerId, expiresAt } }),
  };
}

/** The record with a change; undefined members leave it as it is, null removes. */
export function changed(record: ContinuousBackupRecord, change: ContinuousChange): ContinuousBackupRecord {
  const merged: Record<string, unknown> = { ...record };
  for (const [name, value] of Object.entries(change)) {
    if (value === null) delete merged[name];
    else if (value !== undefined) merged[name] = value;
  }
  return merged as Record<string, unknown> & ContinuousBackupRecord;
}

export function toBaseRow(base: ContinuousBase): ContinuousBaseRow {
  const { continuousId, engineId, consistentAt, completedAt, connectorState, ...detail } = base;
  return {
    continuous_id: continuousId,
    engine_id: engineId,
    consistent_at: consistentAt,
    completed_at: completedAt,
    connector_state: connectorState ?? null,
    detail: toJson(detail),
  };
}

export function toBase(row: ContinuousBaseRow): ContinuousBase {
  const detail = fromJson<
    Omit<ContinuousBase, 'continuousId' | 'engineId' | 'consistentAt' | 'completedAt' | 'connectorState'>
  >(row.detail);
  return {
    ...detail,
    continuousId: row.continuous_id,
    engineId: row.engine_id,
    consistentAt: row.consistent_at,
    completedAt: row.completed_at,
    ...present({ connectorState: row.connector_state === null ? null : new Uint8Array(row.connector_state) }),
  };
}
