/** The real code living through a scenario: handlers, scheduler, copy executor and lifecycle, on lean stores. */
import type { Job, JobHandle } from '@holdfast/jobs';
import type { RequestContext } from '@holdfast/wire';
import type { BackupJobRecord, NewBackupJob } from '../../backup-jobs/backup-job-store.ts';
import { withPlannedCopies } from '../../copies/planned-copies.ts';
import { copyJobExecutor } from '../../copies/run-copy-job.ts';
import { createLegalHoldHandlers } from '../../legal-holds/create-legal-hold-handlers.ts';
import { holdPort } from '../../legal-holds/hold-port.ts';
import type { LifecyclePorts } from '../../lifecycle/lifecycle-ports.ts';
import { runLifecycleTick } from '../../lifecycle/lifecycle-tick.ts';
import { createPlanHandlers } from '../../plans/create-plan-handlers.ts';
import { runSchedulerTick } from '../../plans/scheduler-tick.ts';
import { aRecoveryPoint, aResource, aVault, type PlanWorld, planWorld } from '../../plans/testing/plan-world.ts';
import { deleteRecoveryPoint } from '../../recovery-points/actions/delete-recovery-point.ts';
import { updateRecoveryPointLifecycle } from '../../recovery-points/actions/update-recovery-point-lifecycle.ts';
import { calculateLifecycle } from '../../recovery-points/lifecycle-rules.ts';
import type { RecoveryPointRecord } from '../../recovery-points/recovery-point-store.ts';
import { retentionRefusal } from '../../vaults/vault-lock-rules.ts';
import { MemoryLegalHoldStore } from '../memory-legal-hold-store.ts';
import { backupFails, exists, expiryDelayOf, isReachable, isRoleUsable, isServerUp, pointKey } from './happenings.ts';
import { LeanCopyJobStore, LeanRecoveryPointStore } from './lean-stores.ts';
import {
  DAY,
  type Deed,
  deedsOf,
  FAR_REGION,
  GAPPED_LOCK,
  ROLE,
  SCOPE,
  type Scenario,
  type SimulatedAttempt,
  type SimulatedHold,
  type SimulatedPlan,
  type SimulatedResource,
  STEP,
} from './scenario.ts';

const VAULTS = [
  aVault('Default'),
  aVault('locked'),
  aVault('far', { region: FAR_REGION }),
  aVault('gapped', {
    type: 'LOGICALLY_AIR_GAPPED_BACKUP_VAULT',
    lock: { lockedAt: 0, lockDateAt: 0, ...GAPPED_LOCK },
  }),
];

type WorldPorts = ReturnType<typeof portsOf>;

export class World {
  readonly log: string[] = [];
  readonly points = new LeanRecoveryPointStore();
  readonly #scenario: Scenario;
  readonly #base: PlanWorld;
  readonly #copyJobs = new LeanCopyJobStore();
  readonly #resources: ReadonlyMap<string, SimulatedResource>;
  readonly #ports: WorldPorts;
  readonly #origins = new Map<string, string>();
  readonly #planIds = new Map<string, string>();
  readonly #holdIds = new Map<SimulatedHold, string>();
  readonly #deeds: Deed[];
  readonly #background: Promise<void>[] = [];
  #jobs: BackupJobRecord[] = [];
  #count = 0;

  constructor(scenario: Scenario) {
    this.#scenario = scenario;
    this.#deeds = [...deedsOf(scenario)];
    this.#resources = new Map(scenario.resources.map((resource) => [resource.arn, resource]));
    this.#base = planWorld(scenario.startAt);
    this.#ports = portsOf(this.#base, this.points, this.#copyJobs, {
      isRoleUsable: () => isRoleUsable(scenario, this.#base.clock.now()),
      background: (task) => void this.#background.push(task()),
      takeJob: (job) => void this.#jobs.push(job),
      listResources: () =>
        scenario.resources
          .filter((resource) => exists(resource, this.#base.clock.now()))
          .map((resource) => aResource(resource.arn, resource.resourceType, { ...resource.tags })),
      changed: (point) => this.#noteChange(point),
      deleted: (point) => this.log.push(`${this.#now()} deleted ${this.keyOf(point)}`),
    });
  }

  async run(): Promise<void> {
    for (const vault of VAULTS) await this.#base.stores.vaults.create(vault, {}, 10);
    for (let now = this.#scenario.startAt; now < this.#scenario.endAt; now += STEP) {
      this.#base.clock.jump(now - this.#base.clock.now());
      this.#count += 1;
      if (isServerUp(this.#scenario, now)) await this.#step(now);
    }
    for (const [name, planId] of this.#planIds) await this.#noteMissed(name, planId);
  }

  keyOf(point: RecoveryPointRecord): string {
    return pointKey(point.vaultName, point.resourceArn, point.createdAt, this.#origins.get(point.arn) ?? 'unknown');
  }

  async #step(now: number): Promise<void> {
    await this.#actions(now);
    if (this.#base.plans.nextFireAt() <= now) await runSchedulerTick(this.#ports);
    await this.#runJobs(now);
    for (const job of this.#copyJobs.takeWaiting()) await this.#copy(job.jobId);
    if (this.#count % 4 === 0) await runLifecycleTick(this.#ports);
    await this.#settle();
  }

  async #settle(): Promise<void> {
    await Promise.all(this.#background.splice(0));
  }

  async #actions(now: number): Promise<void> {
    for (; (this.#deeds[0]?.at ?? Number.POSITIVE_INFINITY) <= now; this.#deeds.shift()) {
      const [deed] = this.#deeds;
      if (deed !== undefined) await this.#act(deed, now);
      await this.#settle();
    }
  }

  async #act(deed: Deed, now: number): Promise<void> {
    switch (deed.kind) {
      case 'put-plan':
        return await this.#putPlan(deed.plan, deed.version);
      case 'delete-plan':
        return await this.#deletePlan(deed.plan);
      case 'hold':
        return await this.#hold(deed.hold, now);
      case 'release':
        return await this.#release(deed.hold);
      case 'lock':
        return await this.#lock(now);
      case 'attempt':
        return await this.#attempt(deed.attempt);
    }
  }

  async #putPlan(plan: SimulatedPlan, version: number): Promise<void> {
    const BackupPlan = plan.versions[version]?.input;
    const known = this.#planIds.get(plan.name);
    if (BackupPlan === undefined || (known === undefined && version > 0)) return;
    // Roles fail when jobs run; here somebody sets things up in a good moment.
    const handlers = createPlanHandlers({ ...this.#ports, roles: this.#base.ports.roles });
    if (known !== undefined) {
      await handlers.UpdateBackupPlan({ BackupPlanId: known, BackupPlan }, this.#context());
      return;
    }
    const created = await handlers.CreateBackupPlan({ BackupPlan }, this.#context());
    const BackupPlanId = created.BackupPlanId ?? '';
    const Conditions = { StringEquals: [{ ConditionKey: 'aws:ResourceTag/group', ConditionValue: plan.group }] };
    const BackupSelection = {
      SelectionName: 's',
      IamRoleArn: ROLE,
      Resources: ['*'],
      ...(plan.group === '*' ? {} : { Conditions }),
    };
    await handlers.CreateBackupSelection({ BackupPlanId, BackupSelection }, this.#context());
    this.#planIds.set(plan.name, BackupPlanId);
  }

  async #deletePlan(plan: SimulatedPlan): Promise<void> {
    const BackupPlanId = this.#planIds.get(plan.name);
    if (BackupPlanId === undefined) return;
    const handlers = createPlanHandlers(this.#ports);
    for (const { selectionId } of await this.#ports.selections.listOfPlan(BackupPlanId)) {
      await handlers.DeleteBackupSelection({ BackupPlanId, SelectionId: selectionId }, this.#context());
    }
    await handlers.DeleteBackupPlan({ BackupPlanId }, this.#context());
  }

  async #hold(hold: SimulatedHold, now: number): Promise<void> {
    const range = (days: number) => ({ FromDate: new Date(now - days * DAY), ToDate: new Date(now) });
    const RecoveryPointSelection = {
      ...(hold.vaultName === undefined ? {} : { VaultNames: [hold.vaultName] }),
      ...(hold.resourceType === undefined ? {} : { ResourceIdentifiers: [hold.resourceType] }),
      ...(hold.daysBack === undefined ? {} : { DateRange: range(hold.daysBack) }),
    };
    const request = { Title: 'hold', Description: 'simulated', RecoveryPointSelection };
    const created = await createLegalHoldHandlers(this.#ports).CreateLegalHold(request, this.#context());
    this.#holdIds.set(hold, created.LegalHoldId ?? '');
  }

  async #release(hold: SimulatedHold): Promise<void> {
    const request = { LegalHoldId: this.#holdIds.get(hold) ?? '', CancelDescription: 'over' };
    await createLegalHoldHandlers(this.#ports).CancelLegalHold(request, this.#context());
  }

  async #lock(now: number): Promise<void> {
    const { minRetentionDays, maxRetentionDays } = this.#scenario.lock;
    const lock = { lockedAt: now, lockDateAt: now + 3 * DAY, minRetentionDays, maxRetentionDays };
    await this.#base.stores.vaults.setLock(aVault('locked').vaultId, lock, now);
  }

  async #attempt(attempt: SimulatedAttempt): Promise<void> {
    const keyed = this.points.all().map((point) => [this.keyOf(point), point] as const);
    keyed.sort(([a], [b]) => (a < b ? -1 : 1));
    const [key, point] = keyed[Math.floor(attempt.which * keyed.length)] ?? [];
    if (point === undefined) return;
    const target = { BackupVaultName: point.vaultName, RecoveryPointArn: point.arn };
    const context = this.#context(point.region);
    const Lifecycle = { DeleteAfterDays: attempt.deleteAfterDays };
    try {
      if (attempt.kind === 'delete') await deleteRecoveryPoint(this.#ports)(target, context);
      else await updateRecoveryPointLifecycle(this.#ports)({ ...target, Lifecycle }, context);
    } catch {
      this.log.push(`${this.#now()} refused ${key} ${stateOf(point)}`);
    }
  }

  async #runJobs(now: number): Promise<void> {
    const waiting = this.#jobs;
    this.#jobs = [];
    for (const job of waiting) {
      const resource = this.#resources.get(job.resourceArn);
      if (resource === undefined) throw new Error(`a job for the unknown resource ${job.resourceArn}`);
      if (now >= job.startBy) this.#noteJob(job, 'EXPIRED');
      else if (exists(resource, now) && !isReachable(resource, now)) this.#jobs.push(job);
      else await this.#backUp(job, resource, now);
    }
  }

  /** What the executor of backup jobs does, without bytes. */
  async #backUp(job: BackupJobRecord, resource: SimulatedResource, now: number): Promise<void> {
    const vault = await this.#ports.stores.vaults.getById(job.vaultId);
    const refusal = retentionRefusal(vault?.lock, job.lifecycle?.deleteAfterDays);
    const role = await this.#ports.roles.assume(job.accountId, job.iamRoleArn);
    if (
      vault === undefined ||
      refusal !== undefined ||
      !role.ok ||
      !exists(resource, now) ||
      backupFails(resource.arn, job.scheduledAt)
    ) {
      this.#noteJob(job, 'FAILED');
      return;
    }
    this.#noteJob(job, 'COMPLETED');
    const recoveryPoint: RecoveryPointRecord = {
      ...aRecoveryPoint(job.jobId, vault),
      arn: job.recoveryPointArn,
      resourceArn: job.resourceArn,
      resourceType: job.resourceType,
      createdAt: now,
      iamRoleArn: job.iamRoleArn,
      backupJobId: job.jobId,
      isContinuous: job.isContinuous,
      ...(job.createdBy === undefined ? {} : { createdBy: job.createdBy }),
      ...(job.lifecycle === undefined ? {} : { lifecycle: job.lifecycle }),
      ...calculateLifecycle(job.lifecycle, now, job.resourceType),
    };
    this.#origins.set(recoveryPoint.arn, originOf(job));
    await this.#ports.stores.recoveryPoints.commit({ recoveryPoint, tags: {} });
    this.#noteCreated(recoveryPoint);
  }

  async #copy(jobId: string): Promise<void> {
    const record = await this.#copyJobs.get(SCOPE, jobId);
    if (record === undefined) throw new Error(`copy job ${jobId} is missing`);
    const origin = this.#origins.get(record.sourceRecoveryPointArn) ?? 'unknown';
    const vaultName = record.destinationVaultArn.split(':').at(-1) ?? '';
    this.#origins.set(record.destinationRecoveryPointArn, `${origin}>${vaultName}`);
    const handle: JobHandle = {
      fencingToken: 1,
      isResumed: false,
      signal: new AbortController().signal,
      begin: async () => {},
      progress: () => {},
      end: async (outcome, within) => {
        await within?.();
        return outcome;
      },
    };
    const job = { jobId, accountId: record.accountId, region: record.region } as Job;
    const executor = copyJobExecutor(this.#ports);
    try {
      await executor.execute(job, handle);
      const copy = await this.points.get('any', record.destinationRecoveryPointArn);
      if (copy !== undefined) this.#noteCreated(copy);
    } catch (error) {
      const outcome = executor.outcomeOfError(error, job);
      if (outcome.result !== 'failed' || outcome.category === 'FATAL_ERROR') throw error;
      this.log.push(`${this.#now()} copy FAILED ${origin} ${record.resourceArn}`);
    }
    this.#copyJobs.forget(jobId);
  }

  #noteCreated(point: RecoveryPointRecord): void {
    this.log.push(`${this.#now()} created ${this.keyOf(point)} ${stateOf(point)}`);
  }

  #noteChange(point: RecoveryPointRecord): void {
    if (point.status !== 'DELETING') this.log.push(`${this.#now()} changed ${this.keyOf(point)} ${stateOf(point)}`);
  }

  #noteJob(job: BackupJobRecord, state: string): void {
    const kind = job.isContinuous ? 'continuous' : 'snapshot';
    this.log.push(`${this.#now()} job ${state} ${originOf(job)} ${job.resourceArn} ${kind}`);
  }

  async #noteMissed(name: string, planId: string): Promise<void> {
    const rules = new Map<string, string>();
    const versions = (await this.#ports.plans.listVersions(planId, { limit: 10 })).items;
    for (const version of versions) for (const rule of version.document.Rules) rules.set(rule.RuleId, rule.RuleName);
    for (const missed of (await this.#ports.plans.listMissed(planId, { limit: 10_000 })).items) {
      this.log.push(
        `missed ${name}/${rules.get(missed.ruleId)} ${missed.count} ${iso(missed.firstAt)} ${iso(missed.lastAt)}`,
      );
    }
  }

  #now(): string {
    return iso(this.#base.clock.now());
  }

  #context(region = SCOPE.region): RequestContext {
    return this.#base.context('Simulation', { ...SCOPE, region });
  }
}

interface Hooks {
  isRoleUsable(): boolean;
  background(task: () => Promise<void>): void;
  takeJob(job: BackupJobRecord): void;
  listResources(): readonly ReturnType<typeof aResource>[];
  changed(point: RecoveryPointRecord): void;
  deleted(point: RecoveryPointRecord): void;
}

function portsOf(base: PlanWorld, points: LeanRecoveryPointStore, copyJobs: LeanCopyJobStore, hooks: Hooks) {
  const legalHolds = new MemoryLegalHoldStore(points, base.stores.tags);
  let identifiers = 0;
  const nextIdentifier = (): string => {
    identifiers += 1;
    return String(identifiers).padStart(12, '0');
  };
  const repository = {
    planDelete: async (ids: readonly string[]) => ({
      deletes: ids.map((id) => ({ recoveryPointId: id })),
      refusals: [],
    }),
    executeDelete: async () => ({ deleted: [], refused: [] }),
  };
  const roleCheck = async (_accountId: string, _roleArn: string) =>
    hooks.isRoleUsable() ? ({ ok: true } as const) : ({ ok: false, reason: 'it was removed' } as const);
  const common = {
    ...base.ports,
    legalHolds,
    holds: holdPort(legalHolds),
    dueRecoveryPoints: points.due((point) => legalHolds.isHeld(point)),
    copyJobs,
    ids: { uuid: nextIdentifier, hex: (prefix: string) => prefix },
    roles: {
      ...base.ports.roles,
      assume: roleCheck,
      mayUse: roleCheck,
      mayDelete: roleCheck,
    },
    repositories: {
      ...base.ports.repositories,
      open: async () => repository as never,
      changeRetention: async () => {},
      placeHold: async () => {},
      releaseHold: async () => {},
    },
    background: { run: (_name: string, task: () => Promise<void>) => hooks.background(task) },
    engineCopy: { copy: async () => ({ storedBytes: 1 }), takeOverMs: 120_000 },
    expiryDelay: (point: RecoveryPointRecord) => expiryDelayOf(point.vaultName, point.resourceArn, point.createdAt),
    coldStorage: { moveToColdStorage: async () => {} },
    emit: (event: Parameters<LifecyclePorts['emit']>[0]) => {
      if (event.kind === 'recovery-point-changed') hooks.changed(event.recoveryPoint);
      if (event.kind === 'recovery-point-deleted') hooks.deleted(event.recoveryPoint);
    },
    log: (level: string, message: string, fields?: object) => {
      if (level === 'error') throw new Error(`${message} ${JSON.stringify(fields)}`);
    },
  };
  const jobs = new Map<string, BackupJobRecord>();
  const create = async (job: NewBackupJob): Promise<BackupJobRecord> => {
    const record: BackupJobRecord = { ...job, state: 'CREATED', percentDone: 0, bytesTransferred: 0, issueCount: 0 };
    hooks.takeJob(record);
    jobs.set(record.jobId, record);
    return record;
  };
  const stores = {
    ...base.ports.stores,
    recoveryPoints: withPlannedCopies(points, common),
    backupJobs: Object.assign(base.stores.backupJobs, {
      create,
      get: async (_scope: object, jobId: string) => jobs.get(jobId),
    }),
    resources: Object.assign(base.stores.resources, { list: async () => ({ items: hooks.listResources() }) }),
    restoreJobs: Object.assign(base.stores.restoreJobs, { isRestoring: async () => false }),
  };
  return { ...common, stores };
}

function originOf(job: BackupJobRecord): string {
  return `${job.createdBy?.backupPlanName}/${job.createdBy?.backupRuleName}@${iso(job.scheduledAt)}`;
}

function stateOf(point: RecoveryPointRecord): string {
  const deleteAt = point.deleteAt === undefined ? 'never' : iso(point.deleteAt);
  return `${point.status} ${point.storageClass} ${deleteAt}`;
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
