/** A recovery point as the slow model sees it. */
import type { BackupRuleInput } from '../../plans/backup-plan.ts';
import { DAY, type SimulatedHold, type SimulatedResource } from './scenario.ts';

export type Lifecycle = NonNullable<BackupRuleInput['Lifecycle']>;

const HAS_COLD = ['EFS', 'DynamoDB'];

export interface ModelPoint {
  readonly key: string;
  readonly vault: string;
  readonly resource: SimulatedResource;
  readonly createdAt: number;
  readonly isContinuous: boolean;
  lifecycle: Lifecycle;
  status: 'COMPLETED' | 'EXPIRED';
  tier: 'WARM' | 'COLD';
  /** It was made to be copied into the air-gapped vault, and goes without delay. */
  readonly isTemporary: boolean;
  /** It was copied there. */
  copiedAt?: number | undefined;
  readonly holds: Set<SimulatedHold>;
}

export function canBeCold(point: ModelPoint): boolean {
  const { resourceType } = point.resource;
  const isArchived = resourceType === 'EBS' && point.lifecycle.OptInToArchiveForSupportedResources === true;
  return HAS_COLD.includes(resourceType) || isArchived;
}

export function deleteAtOf(point: ModelPoint): number | undefined {
  const days = point.lifecycle.DeleteAfterDays;
  const endsAt = days === undefined ? Number.POSITIVE_INFINITY : point.createdAt + days * DAY;
  const deleteAt = Math.min(endsAt, point.copiedAt ?? Number.POSITIVE_INFINITY);
  return Number.isFinite(deleteAt) ? deleteAt : undefined;
}

export function stateOf(point: ModelPoint): string {
  const deleteAt = deleteAtOf(point);
  return `${point.status} ${point.tier} ${deleteAt === undefined ? 'never' : iso(deleteAt)}`;
}

export function iso(at: number): string {
  return new Date(at).toISOString();
}
