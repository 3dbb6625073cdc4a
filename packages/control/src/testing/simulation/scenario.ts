/** What happens in a simulated world, said once; the real code and the slow model both live through it. */
import type { BackupPlanInput, BackupRuleInput } from '../../plans/backup-plan.ts';
import { type Random, seededRandom } from './random.ts';

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
export const STEP = 30 * 60_000;
export const SCOPE = { accountId: '123456789012', region: 'us-east-1' };
export const FAR_REGION = 'eu-west-1';
export const ROLE = 'arn:aws:iam::123456789012:role/backup';

export interface Span {
  readonly from: number;
  readonly to: number;
}

export interface SimulatedResource {
  readonly arn: string;
  readonly resourceType: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly exists: Span;
  /** When it cannot be reached: jobs wait, and expire when their start window ends. */
  readonly outages: readonly Span[];
}

export interface SimulatedPlan {
  readonly name: string;
  /** The first version, then the updates. */
  readonly versions: readonly { readonly at: number; readonly input: BackupPlanInput }[];
  readonly deletedAt?: number;
  /** Tag value of `group` that its selection takes; `*` takes every resource. */
  readonly group: string;
}

export interface SimulatedHold {
  readonly at: number;
  readonly cancelAt: number;
  readonly vaultName?: string;
  readonly resourceType?: string;
  /** How many days back the range of creation dates reaches. */
  readonly daysBack?: number;
}

/** Something that a user or an attacker tries with one of the recovery points that are there. */
export interface SimulatedAttempt {
  readonly at: number;
  readonly kind: 'delete' | 'change-lifecycle';
  /** Which of the recovery points, in the order of their keys, as a number from 0 to less than 1. */
  readonly which: number;
  readonly deleteAfterDays: number;
}

export interface Scenario {
  readonly startAt: number;
  readonly endAt: number;
  readonly resources: readonly SimulatedResource[];
  readonly plans: readonly SimulatedPlan[];
  readonly serverOutages: readonly Span[];
  readonly roleOutages: readonly Span[];
  readonly holds: readonly SimulatedHold[];
  /** When the vault `locked` is locked, and its limits. */
  readonly lock: { readonly at: number; readonly minRetentionDays: number; readonly maxRetentionDays: number };
  readonly attempts: readonly SimulatedAttempt[];
}

export interface ScenarioSize {
  readonly resources: number;
  readonly years: number;
}

const TYPES = [
  ['EFS', (id: number) => `arn:aws:elasticfilesystem:us-east-1:123456789012:file-system/fs-${id}`],
  ['S3', (id: number) => `arn:aws:s3:::bucket-${id}`],
  ['EBS', (id: number) => `arn:aws:ec2:us-east-1:123456789012:volume/vol-${id}`],
  ['RDS', (id: number) => `arn:aws:rds:us-east-1:123456789012:db:db-${id}`],
  ['DynamoDB', (id: number) => `arn:aws:dynamodb:us-east-1:123456789012:table/table-${id}`],
  ['FSx', (id: number) => `arn:aws:fsx:us-east-1:123456789012:file-system/fs-${id}`],
] as const;
export const FAR_VAULT_ARN = `arn:aws:backup:${FAR_REGION}:123456789012:backup-vault:far`;
export const LOCKED_VAULT_ARN = 'arn:aws:backup:us-east-1:123456789012:backup-vault:locked';
export const GAPPED_VAULT_ARN = 'arn:aws:backup:us-east-1:123456789012:backup-vault:gapped';
/** The logically air-gapped vault is locked from the beginning. */
export const GAPPED_LOCK = { minRetentionDays: 7, maxRetentionDays: 60 };

export function aScenario(seed: number, size: ScenarioSize): Scenario {
  const random = seededRandom(seed);
  const startAt = Date.UTC(2023, random.between(0, 11), random.between(1, 28));
  const endAt = startAt + Math.round(size.years * 365.25) * DAY;
  const moment = (): number => onStep(startAt + random.next() * (endAt - startAt));
  const span = (longestMs: number): Span => {
    const from = moment();
    return { from, to: onStep(from + random.next() * longestMs) + STEP };
  };
  const spans = (count: number, longestMs: number): Span[] => Array.from({ length: count }, () => span(longestMs));
  return {
    startAt,
    endAt,
    resources: Array.from({ length: size.resources }, (_, id) => aResource(id, random, startAt, endAt, span)),
    plans: somePlans(random, startAt, moment),
    serverOutages: [...spans(12, 20 * HOUR), ...spans(3, 6 * DAY)],
    roleOutages: spans(6, 3 * DAY),
    holds: Array.from({ length: 10 }, () => aHold(random, moment())),
    lock: { at: onStep(startAt + 200 * DAY), minRetentionDays: 7, maxRetentionDays: 400 },
    attempts: Array.from({ length: 400 }, () => ({
      at: moment(),
      kind: random.pick(['delete', 'change-lifecycle'] as const),
      which: random.next(),
      deleteAfterDays: random.pick([1, 10, 60, 200, 1000]),
    })),
  };
}

function onStep(at: number): number {
  return Math.floor(at / STEP) * STEP;
}

function aResource(
  id: number,
  random: Random,
  startAt: number,
  endAt: number,
  span: (longestMs: number) => Span,
): SimulatedResource {
  const [resourceType, arnOf] = TYPES[id % TYPES.length] ?? TYPES[0];
  const isLate = random.next() < 0.2;
  const vanishes = random.next() < 0.2;
  const from = isLate ? span(0).from : startAt;
  return {
    arn: arnOf(id),
    resourceType,
    tags: { group: random.pick(['gold', 'silver', 'bronze']) },
    exists: { from, to: vanishes ? Math.max(from + DAY, span(0).from) : endAt + DAY },
    outages: Array.from({ length: 8 }, () => span(random.pick([3 * HOUR, 12 * HOUR, 40 * HOUR]))),
  };
}

function rule(RuleName: string, schedule: string, zone: string, members: Partial<BackupRuleInput>): BackupRuleInput {
  return {
    RuleName,
    TargetBackupVaultName: 'Default',
    ScheduleExpression: schedule,
    ScheduleExpressionTimezone: zone,
    ...members,
  };
}

/** Overlapping plans over the zones of the world, with copies, cold storage, continuous backup, updates and deletion. */
function somePlans(random: Random, startAt: number, moment: () => number): SimulatedPlan[] {
  const daily = (keep: number): BackupPlanInput => ({
    BackupPlanName: 'gold',
    Rules: [
      rule('daily', 'cron(30 1 ? * * *)', 'America/New_York', {
        StartWindowMinutes: 240,
        Lifecycle: { DeleteAfterDays: keep },
      }),
      rule('weekly', 'cron(0 3 ? * SUN *)', 'America/New_York', {
        Lifecycle: { DeleteAfterDays: keep * 4 },
        CopyActions: [{ DestinationBackupVaultArn: FAR_VAULT_ARN, Lifecycle: { DeleteAfterDays: 150 } }],
      }),
      rule('monthly', 'cron(0 2 L * ? *)', 'Europe/Vienna', {
        Lifecycle: { MoveToColdStorageAfterDays: 30, DeleteAfterDays: 400, OptInToArchiveForSupportedResources: true },
        CopyActions: [{ DestinationBackupVaultArn: FAR_VAULT_ARN, Lifecycle: { MoveToColdStorageAfterDays: 60 } }],
      }),
    ],
  });
  const silver = (schedule: string): BackupPlanInput => ({
    BackupPlanName: 'silver',
    Rules: [
      rule('twice', schedule, 'Europe/Vienna', { StartWindowMinutes: 480, Lifecycle: { DeleteAfterDays: 5 } }),
      rule('six-hourly', 'cron(0 */6 ? * * *)', 'Australia/Sydney', {
        StartWindowMinutes: 60,
        Lifecycle: { DeleteAfterDays: 2 },
      }),
      rule('locked', 'cron(0 12 1W * ? *)', 'Etc/UTC', {
        TargetBackupVaultName: 'locked',
        Lifecycle: { DeleteAfterDays: 30 },
        CopyActions: [{ DestinationBackupVaultArn: FAR_VAULT_ARN }],
      }),
    ],
  });
  const compliance: BackupPlanInput = {
    BackupPlanName: 'compliance',
    Rules: [
      rule('too-short-when-locked', 'cron(0 4 ? * MON,THU *)', 'Asia/Kolkata', {
        TargetBackupVaultName: 'locked',
        Lifecycle: { DeleteAfterDays: 3 },
      }),
      rule('forever', 'cron(0 0 1 */3 ? *)', 'America/Santiago', {
        CopyActions: [{ DestinationBackupVaultArn: LOCKED_VAULT_ARN }],
      }),
    ],
  };
  const airGapped: BackupPlanInput = {
    BackupPlanName: 'air-gapped',
    Rules: [
      rule('weekly', 'cron(0 22 ? * WED *)', 'Europe/Vienna', {
        TargetLogicallyAirGappedBackupVaultArn: GAPPED_VAULT_ARN,
        Lifecycle: { DeleteAfterDays: 20 },
        CopyActions: [{ DestinationBackupVaultArn: FAR_VAULT_ARN }],
      }),
      rule('through-the-lock', 'cron(0 22 10 * ? *)', 'Etc/UTC', {
        TargetBackupVaultName: 'locked',
        TargetLogicallyAirGappedBackupVaultArn: GAPPED_VAULT_ARN,
        Lifecycle: { DeleteAfterDays: 40 },
      }),
      rule('too-long', 'cron(0 22 20 * ? *)', 'Etc/UTC', {
        TargetLogicallyAirGappedBackupVaultArn: GAPPED_VAULT_ARN,
        Lifecycle: { DeleteAfterDays: 61 },
      }),
    ],
  };
  const continuous = (name: string, keep: number): BackupPlanInput => ({
    BackupPlanName: name,
    Rules: [
      rule('pitr', 'cron(0 6 ? * * *)', 'Etc/UTC', {
        EnableContinuousBackup: true,
        Lifecycle: { DeleteAfterDays: keep },
      }),
      rule('hourly', 'rate(8 hours)', 'Etc/UTC', { StartWindowMinutes: 60, Lifecycle: { DeleteAfterDays: 1 } }),
    ],
  });
  const first = (input: BackupPlanInput, offset: number) => ({ at: startAt + offset * STEP, input });
  return [
    { name: 'gold', group: 'gold', versions: [first(daily(10), 0), { at: moment(), input: daily(21) }] },
    {
      name: 'silver',
      group: 'silver',
      versions: [first(silver('cron(0 0/12 ? * * *)'), 1), { at: moment(), input: silver('cron(30 2/12 ? * * *)') }],
    },
    { name: 'compliance', group: '*', versions: [first(compliance, 2)] },
    { name: 'air-gapped', group: 'silver', versions: [first(airGapped, 5)] },
    {
      name: 'continuous-20',
      group: 'bronze',
      versions: [first(continuous('continuous-20', 20), 3)],
      deletedAt: moment(),
    },
    {
      name: 'continuous-35',
      group: 'bronze',
      versions: [
        first(continuous('continuous-35', 35), random.between(4, 2000)),
        first(continuous('continuous-35', 30), random.between(3000, 5000)),
      ],
    },
  ];
}

function aHold(random: Random, at: number): SimulatedHold {
  const cancelAt = onStep(at + random.next() * 60 * DAY) + STEP;
  const criterion = random.pick(['vault', 'type', 'dates'] as const);
  if (criterion === 'vault') return { at, cancelAt, vaultName: random.pick(['Default', 'locked']) };
  if (criterion === 'type') return { at, cancelAt, resourceType: random.pick(['EFS', 'S3', 'RDS']) };
  return { at, cancelAt, daysBack: random.between(1, 60) };
}

/** What somebody does, at the first half hour from `at` on at which the server is there. */
export type Deed =
  | { readonly at: number; readonly kind: 'put-plan'; readonly plan: SimulatedPlan; readonly version: number }
  | { readonly at: number; readonly kind: 'delete-plan'; readonly plan: SimulatedPlan }
  | { readonly at: number; readonly kind: 'hold' | 'release'; readonly hold: SimulatedHold }
  | { readonly at: number; readonly kind: 'lock' }
  | { readonly at: number; readonly kind: 'attempt'; readonly attempt: SimulatedAttempt };

/** All deeds of a scenario in the order in which they are done. */
export function deedsOf({ plans, holds, lock, attempts }: Scenario): readonly Deed[] {
  const deeds: Deed[] = [{ at: lock.at, kind: 'lock' }];
  for (const plan of plans) {
    plan.versions.forEach(({ at }, version) => {
      deeds.push({ at, kind: 'put-plan', plan, version });
    });
    if (plan.deletedAt !== undefined) deeds.push({ at: plan.deletedAt, kind: 'delete-plan', plan });
  }
  for (const hold of holds) {
    deeds.push({ at: hold.at, kind: 'hold', hold }, { at: hold.cancelAt, kind: 'release', hold });
  }
  for (const attempt of attempts) deeds.push({ at: attempt.at, kind: 'attempt', attempt });
  return deeds.sort((a, b) => a.at - b.at);
}
