/**
 * The specification, told in the slowest and most obvious way: at every half hour look at everything. It shares nothing
 * with the real code but the scenario and the happenings.
 */
import type { BackupRuleInput } from '../../plans/backup-plan.ts';
import { slowFireTimes } from '../../schedule/testing/slow-calendar.ts';
import { backupFails, exists, expiryDelayOf, isReachable, isRoleUsable, isServerUp, pointKey } from './happenings.ts';
import { canBeCold, deleteAtOf, iso, type Lifecycle, type ModelPoint, stateOf } from './model-point.ts';
import {
  DAY,
  type Deed,
  deedsOf,
  FAR_VAULT_ARN,
  GAPPED_LOCK,
  HOUR,
  type Scenario,
  type SimulatedHold,
  type SimulatedPlan,
  type SimulatedResource,
  STEP,
} from './scenario.ts';

interface ModelRule {
  readonly rule: BackupRuleInput;
  readonly order: number;
  /** Since when it has its schedule. */
  anchorAt: number;
  decidedUntil: number;
}

interface ModelPlan {
  readonly plan: SimulatedPlan;
  readonly order: number;
  rules: ModelRule[];
}

interface ModelJob {
  readonly plan: string;
  readonly rule: BackupRuleInput;
  readonly resource: SimulatedResource;
  readonly scheduledAt: number;
  readonly startBy: number;
  readonly isContinuous: boolean;
}

const MINUTE = 60_000;
/** Wider than any chain of overlapping windows in the scenarios. */
const OVERLAP_HORIZON = 5 * DAY;
const HAS_PITR = ['S3', 'RDS'];
/** Types whose backups go straight into an air-gapped vault. */
const IS_MANAGED = ['EFS', 'S3', 'DynamoDB'];

export class Model {
  readonly log: string[] = [];
  readonly points = new Map<string, ModelPoint>();
  readonly #scenario: Scenario;
  readonly #plans: ModelPlan[] = [];
  readonly #fireTimes = new Map<string, ReadonlySet<number>>();
  readonly #deeds: Deed[];
  #jobs: ModelJob[] = [];
  #isLocked = false;

  constructor(scenario: Scenario) {
    this.#scenario = scenario;
    this.#deeds = [...deedsOf(scenario)];
  }

  /** Lives through all steps. */
  run(): void {
    let count = 0;
    for (let now = this.#scenario.startAt; now < this.#scenario.endAt; now += STEP) {
      count += 1;
      if (!isServerUp(this.#scenario, now)) continue;
      this.#actions(now);
      this.#schedule(now);
      this.#runJobs(now);
      if (count % 4 === 0) this.#lifecycle(now);
    }
  }

  /** What users do now, in the order in which they wanted it. */
  #actions(now: number): void {
    for (; (this.#deeds[0]?.at ?? Number.POSITIVE_INFINITY) <= now; this.#deeds.shift()) {
      const [deed] = this.#deeds;
      switch (deed?.kind) {
        case 'put-plan':
          this.#putPlan(deed.plan, deed.version, now);
          break;
        case 'delete-plan':
          this.#deletePlan(deed.plan);
          break;
        case 'hold':
          this.#hold(deed.hold, now);
          break;
        case 'release':
          this.#release(deed.hold);
          break;
        case 'lock':
          this.#isLocked = true;
          break;
        case 'attempt':
          this.#attempt(deed.attempt, now);
      }
    }
  }

  #putPlan(plan: SimulatedPlan, version: number, now: number): void {
    const known = this.#plans.find((entry) => entry.plan === plan);
    const input = plan.versions[version]?.input;
    if (input === undefined || (known === undefined && version > 0)) return;
    const rules = input.Rules.map((rule, order): ModelRule => {
      const before = known?.rules.find((earlier) => earlier.rule.RuleName === rule.RuleName);
      const isSame = before !== undefined && scheduleName(before.rule) === scheduleName(rule);
      return {
        rule,
        order,
        anchorAt: isSame ? before.anchorAt : now,
        decidedUntil: isSame ? before.decidedUntil : now,
      };
    });
    if (known === undefined) this.#plans.push({ plan, order: this.#plans.length, rules });
    else known.rules = rules;
  }

  #deletePlan(plan: SimulatedPlan): void {
    const index = this.#plans.findIndex((entry) => entry.plan === plan);
    if (index >= 0) this.#plans.splice(index, 1);
  }

  #hold(hold: SimulatedHold, now: number): void {
    for (const point of this.points.values()) {
      const isTaken =
        point.vault !== 'far' &&
        point.status !== 'EXPIRED' &&
        (hold.vaultName === undefined || point.vault === hold.vaultName) &&
        (hold.resourceType === undefined || point.resource.resourceType === hold.resourceType) &&
        (hold.daysBack === undefined || point.createdAt >= now - hold.daysBack * DAY);
      if (isTaken) point.holds.add(hold);
    }
  }

  #release(hold: SimulatedHold): void {
    for (const point of this.points.values()) point.holds.delete(hold);
  }

  #attempt(attempt: Scenario['attempts'][number], now: number): void {
    const keys = [...this.points.keys()].sort();
    const point = this.points.get(keys[Math.floor(attempt.which * keys.length)] ?? '');
    if (point === undefined) return;
    const isLocked = point.vault === 'gapped' || (point.vault === 'locked' && this.#isLocked);
    if (attempt.kind === 'delete') {
      if (isLocked || point.holds.size > 0) this.#note(now, 'refused', point);
      else if (!isRoleUsable(this.#scenario, now)) this.#expire(point, now);
      else this.#delete(point, now);
      return;
    }
    const hasColdDay = point.lifecycle.MoveToColdStorageAfterDays !== undefined;
    if (isLocked || point.isContinuous || (point.tier === 'COLD' && hasColdDay)) {
      this.#note(now, 'refused', point);
      return;
    }
    point.lifecycle = { DeleteAfterDays: attempt.deleteAfterDays };
    point.copiedAt = undefined;
    this.#note(now, 'changed', point);
  }

  #schedule(now: number): void {
    for (const entry of this.#plans) {
      const missed = new Map<ModelRule, Set<number>>();
      for (const isContinuousClass of [false, true]) this.#fire(entry, isContinuousClass, now, missed);
      for (const [rule, times] of missed) this.#noteMissed(entry, rule, [...times].sort());
      for (const rule of entry.rules) rule.decidedUntil = now;
    }
  }

  #fire(entry: ModelPlan, isContinuousClass: boolean, now: number, missed: Map<ModelRule, Set<number>>): void {
    const continuous = entry.rules.filter(({ rule }) => rule.EnableContinuousBackup === true);
    if (isContinuousClass && continuous.length === 0) return;
    const competing = isContinuousClass
      ? entry.rules.filter(({ rule }) => rule.EnableContinuousBackup !== true)
      : entry.rules;
    for (const one of entry.rules) {
      const due = this.#occurrences(one, one.decidedUntil, now);
      if (due.length === 0) continue;
      const isMaker = isContinuousClass && one.rule.EnableContinuousBackup === true;
      const kept = isMaker ? due : due.filter((at) => this.#isKept(competing, one, at));
      const newest = kept.at(-1);
      if (newest === undefined) continue;
      const startBy = newest + (one.rule.StartWindowMinutes ?? 480) * MINUTE;
      const tooLate = now >= startBy ? kept : kept.slice(0, -1);
      missed.set(one, new Set([...(missed.get(one) ?? []), ...tooLate]));
      for (const resource of this.#scenario.resources) {
        const isCovered = exists(resource, now) && ['*', resource.tags['group']].includes(entry.plan.group);
        if (!isCovered || this.#isContinuousHere(entry, resource) !== isContinuousClass) continue;
        this.#jobs.push({
          plan: entry.plan.name,
          rule: one.rule,
          resource,
          scheduledAt: newest,
          startBy,
          isContinuous: isMaker,
        });
      }
    }
  }

  /** The oldest plan with a continuous rule makes the continuous backups of a resource that can have them. */
  #isContinuousHere(entry: ModelPlan, resource: SimulatedResource): boolean {
    const covers = (other: ModelPlan): boolean =>
      other.rules.some(({ rule }) => rule.EnableContinuousBackup === true) &&
      ['*', resource.tags['group']].includes(other.plan.group);
    return HAS_PITR.includes(resource.resourceType) && this.#plans.find(covers) === entry;
  }

  /** Rules by retention, longest first: an occurrence is kept when its window meets no window kept before. */
  #isKept(rules: readonly ModelRule[], wanted: ModelRule, wantedAt: number): boolean {
    const kept: { from: number; to: number; rule: ModelRule }[] = [];
    const ranked = [...rules].sort((a, b) => keepDays(b) - keepDays(a) || a.order - b.order);
    for (const rule of ranked) {
      const own: { from: number; to: number; rule: ModelRule }[] = [];
      for (const from of this.#occurrences(rule, wantedAt - OVERLAP_HORIZON, wantedAt + OVERLAP_HORIZON)) {
        const to = from + (rule.rule.StartWindowMinutes ?? 480) * MINUTE;
        const meets = kept.some((other) => from < other.to && other.from < to);
        if (rule === wanted && from === wantedAt) return !meets;
        if (!meets) own.push({ from, to, rule });
      }
      kept.push(...own);
    }
    return false;
  }

  #occurrences(rule: ModelRule, afterAt: number, untilAt: number): number[] {
    const from = Math.max(afterAt, rule.anchorAt);
    const times: number[] = [];
    if (rule.rule.ScheduleExpression === 'rate(8 hours)') {
      const passed = Math.floor((from - rule.anchorAt) / (8 * HOUR));
      for (let at = rule.anchorAt + (passed + 1) * 8 * HOUR; at <= untilAt; at += 8 * HOUR) times.push(at);
      return times;
    }
    const fires = this.#firesOf(rule.rule);
    for (let at = Math.floor(from / STEP) * STEP + STEP; at <= untilAt; at += STEP) if (fires.has(at)) times.push(at);
    return times;
  }

  #firesOf(rule: BackupRuleInput): ReadonlySet<number> {
    const name = scheduleName(rule);
    const { startAt, endAt } = this.#scenario;
    const known = this.#fireTimes.get(name);
    if (known !== undefined) return known;
    const fields = rule.ScheduleExpression?.slice('cron('.length, -1) ?? '';
    const span = { from: startAt - 10 * DAY, to: endAt + 10 * DAY, stepMs: STEP };
    const fires = new Set(slowFireTimes(fields, rule.ScheduleExpressionTimezone ?? '', span));
    this.#fireTimes.set(name, fires);
    return fires;
  }

  #runJobs(now: number): void {
    const waiting = this.#jobs;
    this.#jobs = [];
    for (const job of waiting) {
      if (now >= job.startBy) this.#noteJob(now, job, 'EXPIRED');
      else if (exists(job.resource, now) && !isReachable(job.resource, now)) this.#jobs.push(job);
      else this.#backUp(job, now);
    }
  }

  #backUp(job: ModelJob, now: number): void {
    const { rule, resource, scheduledAt, isContinuous } = job;
    const keep = rule.Lifecycle?.DeleteAfterDays;
    const isGapped = rule.TargetLogicallyAirGappedBackupVaultArn !== undefined;
    const isTemporary = isGapped && !IS_MANAGED.includes(resource.resourceType);
    const vault = isGapped && !isTemporary ? 'gapped' : rule.TargetBackupVaultName;
    const isRoleBad = !isRoleUsable(this.#scenario, now);
    if (!this.#fits(vault, keep) || isRoleBad || !exists(resource, now) || backupFails(resource.arn, scheduledAt)) {
      this.#noteJob(now, job, 'FAILED');
      return;
    }
    const origin = `${job.plan}/${rule.RuleName}@${new Date(scheduledAt).toISOString()}`;
    this.#noteJob(now, job, 'COMPLETED');
    const lifecycle = rule.Lifecycle ?? {};
    const point = this.#create({ vault, resource, createdAt: now, origin, lifecycle, isContinuous, isTemporary }, now);
    for (const copy of rule.CopyActions ?? []) {
      const to = copy.DestinationBackupVaultArn === FAR_VAULT_ARN ? 'far' : 'locked';
      const own = { ...(copy.Lifecycle ?? rule.Lifecycle) };
      if (own.DeleteAfterDays === undefined && keep !== undefined) own.DeleteAfterDays = keep;
      this.#copy(to, resource, origin, own, now);
    }
    if (!isTemporary || !this.#copy('gapped', resource, origin, lifecycle, now)) return;
    if (vault !== 'locked' || !this.#isLocked) point.copiedAt = now;
  }

  /** Whether there is a copy. */
  #copy(vault: string, resource: SimulatedResource, origin: string, lifecycle: Lifecycle, now: number): boolean {
    const fits = this.#fits(vault, lifecycle.DeleteAfterDays);
    if (fits) {
      const copy = { vault, resource, createdAt: now, origin: `${origin}>${vault}`, lifecycle };
      this.#create({ ...copy, isContinuous: false, isTemporary: false }, now);
    } else {
      this.log.push(`${iso(now)} copy FAILED ${origin} ${resource.arn}`);
    }
    return fits;
  }

  /** Whether the lock of a vault, if it has one now, allows a retention. */
  #fits(vault: string, keepDays: number | undefined): boolean {
    const limits = vault === 'gapped' ? GAPPED_LOCK : this.#scenario.lock;
    if (vault !== 'gapped' && !(vault === 'locked' && this.#isLocked)) return true;
    return keepDays !== undefined && keepDays >= limits.minRetentionDays && keepDays <= limits.maxRetentionDays;
  }

  #create(
    made: Pick<ModelPoint, 'vault' | 'resource' | 'createdAt' | 'lifecycle' | 'isContinuous' | 'isTemporary'> & {
      readonly origin: string;
    },
    now: number,
  ): ModelPoint {
    const { origin, ...members } = made;
    const key = pointKey(made.vault, made.resource.arn, made.createdAt, origin);
    const point: ModelPoint = { ...members, key, status: 'COMPLETED', tier: 'WARM', holds: new Set() };
    this.points.set(key, point);
    this.#note(now, 'created', point);
    return point;
  }

  #lifecycle(now: number): void {
    for (const point of [...this.points.values()]) {
      if (point.status === 'EXPIRED') continue;
      const isHeld = point.holds.size > 0 && !point.isContinuous;
      const deleteAt = deleteAtOf(point) ?? Number.POSITIVE_INFINITY;
      if (deleteAt <= now) {
        const delay = point.isTemporary ? 0 : expiryDelayOf(point.vault, point.resource.arn, point.createdAt);
        if (deleteAt + delay > now || isHeld) continue;
        if (isRoleUsable(this.#scenario, now)) this.#delete(point, now);
        else this.#expire(point, now);
        continue;
      }
      const coldDays = canBeCold(point) ? point.lifecycle.MoveToColdStorageAfterDays : undefined;
      if (coldDays === undefined || point.tier === 'COLD' || point.createdAt + coldDays * DAY > now || isHeld) continue;
      point.tier = 'COLD';
      this.#note(now, 'changed', point);
    }
  }

  #delete(point: ModelPoint, now: number): void {
    this.points.delete(point.key);
    this.log.push(`${iso(now)} deleted ${point.key}`);
  }

  #expire(point: ModelPoint, now: number): void {
    point.status = 'EXPIRED';
    this.#note(now, 'changed', point);
  }

  #note(now: number, what: string, point: ModelPoint): void {
    this.log.push(`${iso(now)} ${what} ${point.key} ${stateOf(point)}`);
  }

  #noteJob(now: number, job: ModelJob, state: string): void {
    const { plan, rule, scheduledAt, resource } = job;
    const kind = job.isContinuous ? 'continuous' : 'snapshot';
    this.log.push(`${iso(now)} job ${state} ${plan}/${rule.RuleName}@${iso(scheduledAt)} ${resource.arn} ${kind}`);
  }

  #noteMissed(entry: ModelPlan, { rule }: ModelRule, times: readonly number[]): void {
    const [first, last] = [times.at(0), times.at(-1)];
    if (first === undefined || last === undefined) return;
    this.log.push(`missed ${entry.plan.name}/${rule.RuleName} ${times.length} ${iso(first)} ${iso(last)}`);
  }
}

function scheduleName(rule: BackupRuleInput): string {
  return `${rule.ScheduleExpression} ${rule.ScheduleExpressionTimezone}`;
}

function keepDays({ rule }: ModelRule): number {
  return rule.Lifecycle?.DeleteAfterDays ?? Number.MAX_SAFE_INTEGER;
}
