import type { Page, PageRequest } from '../pagination/page.ts';
import type { BackupPlanRecord, BackupPlanVersionRecord, MissedOccurrences, RuleCursor } from '../plans/backup-plan.ts';
import type { BackupPlanStore, NewBackupPlanVersion } from '../plans/backup-plan-store.ts';
import type { Scope, Tags } from '../scope.ts';
import type { BackupSelectionRecord, BackupSelectionStore } from '../selections/backup-selection-store.ts';
import type { TagStore } from '../tags/tag-store.ts';
import { ascending, newestFirst, pageOf } from './page-of.ts';

export class MemoryPlanStore implements BackupPlanStore {
  readonly #plans = new Map<string, BackupPlanRecord>();
  readonly #versions = new Map<string, BackupPlanVersionRecord[]>();
  readonly #cursors = new Map<string, readonly RuleCursor[]>();
  readonly #missed: MissedOccurrences[] = [];
  readonly #tags: Pick<TagStore, 'put'>;

  constructor(tags: Pick<TagStore, 'put'>) {
    this.#tags = tags;
  }

  async create(plan: BackupPlanRecord, cursors: readonly RuleCursor[], tags: Tags): Promise<void> {
    this.#plans.set(plan.planId, plan);
    this.#versions.set(plan.planId, [{ ...plan, sequence: 1, createdAt: plan.versionCreatedAt }]);
    this.#cursors.set(plan.planId, cursors);
    await this.#tags.put(plan.accountId, plan.arn, tags, Number.POSITIVE_INFINITY);
  }

  async get(scope: Scope, planId: string): Promise<BackupPlanRecord | undefined> {
    return this.#inScope(scope).find((plan) => plan.planId === planId);
  }

  async findLiveByName(scope: Scope, name: string): Promise<BackupPlanRecord | undefined> {
    return this.#named(scope, name).find((plan) => plan.managedBy === undefined);
  }

  async findManagedByName(scope: Scope, name: string): Promise<BackupPlanRecord | undefined> {
    return this.#named(scope, name).find((plan) => plan.managedBy !== undefined);
  }

  #named(scope: Scope, name: string): readonly BackupPlanRecord[] {
    return this.#live(scope).filter((plan) => plan.document.BackupPlanName === name);
  }

  async listManaged(page: PageRequest): Promise<Page<BackupPlanRecord>> {
    const managed = [...this.#plans.values()].filter(
      ({ managedBy, deletedAt }) => managedBy !== undefined && deletedAt === undefined,
    );
    return pageOf(managed.sort(ascending(({ planId }) => planId)), ({ planId }) => planId, page);
  }

  async findLiveByCreatorRequestId(scope: Scope, creatorRequestId: string): Promise<BackupPlanRecord | undefined> {
    return this.#live(scope).find((plan) => plan.creatorRequestId === creatorRequestId);
  }

  async countLive(scope: Scope): Promise<number> {
    return this.#live(scope).length;
  }

  async list(
    scope: Scope,
    options: { readonly includeDeleted: boolean },
    page: PageRequest,
  ): Promise<Page<BackupPlanRecord>> {
    const plans = options.includeDeleted ? this.#inScope(scope) : this.#live(scope);
    return pageOf(plans.sort(newestFirst((plan) => plan.planId)), (plan) => plan.planId, page);
  }

  async getVersion(planId: string, versionId: string): Promise<BackupPlanVersionRecord | undefined> {
    return this.#versionsOf(planId).find((version) => version.versionId === versionId);
  }

  async countVersions(planId: string): Promise<number> {
    return this.#versionsOf(planId).length;
  }

  async listVersions(planId: string, page: PageRequest): Promise<Page<BackupPlanVersionRecord>> {
    return pageOf(this.#versionsOf(planId).toReversed(), (version) => version.versionId, page);
  }

  async addVersion(planId: string, version: NewBackupPlanVersion): Promise<void> {
    const { cursors, versionId, createdAt, document } = version;
    const versions = this.#versionsOf(planId);
    versions.push({ planId, versionId, createdAt, document, sequence: versions.length + 1 });
    this.#change(planId, { versionId, versionCreatedAt: createdAt, document });
    this.#cursors.set(planId, cursors);
  }

  async markDeleted(planId: string, deletedAt: number): Promise<void> {
    this.#change(planId, { deletedAt });
    this.#cursors.delete(planId);
  }

  async listCursors(planId: string): Promise<readonly RuleCursor[]> {
    return this.#cursors.get(planId) ?? [];
  }

  async listDuePlans(now: number, limit: number): Promise<readonly BackupPlanRecord[]> {
    const due = [...this.#plans.values()]
      .map((plan) => ({ plan, at: this.nextFireAt(plan.planId) }))
      .filter(({ at }) => at <= now)
      .sort((a, b) => a.at - b.at || ascending<BackupPlanRecord>(({ planId }) => planId)(a.plan, b.plan));
    return due.slice(0, limit).map(({ plan }) => plan);
  }

  /** When a plan is next due; infinite when never. */
  nextFireAt(planId?: string): number {
    const cursors = planId === undefined ? [...this.#cursors.values()].flat() : (this.#cursors.get(planId) ?? []);
    return Math.min(...cursors.map((cursor) => cursor.nextFireAt ?? Number.POSITIVE_INFINITY));
  }

  async saveCursors(cursors: readonly RuleCursor[]): Promise<void> {
    for (const cursor of cursors) {
      const others = (this.#cursors.get(cursor.planId) ?? []).filter((other) => other.ruleId !== cursor.ruleId);
      this.#cursors.set(cursor.planId, [...others, cursor]);
    }
  }

  async recordExecution(planId: string, executedAt: number): Promise<void> {
    this.#change(planId, { lastExecutedAt: executedAt });
  }

  async recordMissed(missed: readonly MissedOccurrences[]): Promise<void> {
    this.#missed.push(...missed);
  }

  async listMissed(planId: string, page: PageRequest): Promise<Page<MissedOccurrences>> {
    const found = this.#missed.filter((entry) => entry.planId === planId).toReversed();
    return pageOf(found, (entry) => `${entry.recordedAt} ${entry.ruleId}`, page);
  }

  #inScope(scope: Scope): BackupPlanRecord[] {
    return [...this.#plans.values()].filter(
      (plan) => plan.accountId === scope.accountId && plan.region === scope.region,
    );
  }

  #live(scope: Scope): BackupPlanRecord[] {
    return this.#inScope(scope).filter((plan) => plan.deletedAt === undefined);
  }

  #versionsOf(planId: string): BackupPlanVersionRecord[] {
    return this.#versions.get(planId) ?? [];
  }

  #change(planId: string, members: Partial<BackupPlanRecord>): void {
    const plan = this.#plans.get(planId);
    if (plan === undefined) throw new Error(`no plan ${planId}`);
    this.#plans.set(planId, { ...plan, ...members });
  }
}

export class MemorySelectionStore implements BackupSelectionStore {
  readonly #selections = new Map<string, BackupSelectionRecord>();

  async create(selection: BackupSelectionRecord): Promise<void> {
    this.#selections.set(selection.selectionId, selection);
  }

  async get(planId: string, selectionId: string): Promise<BackupSelectionRecord | undefined> {
    const selection = this.#selections.get(selectionId);
    return selection?.planId === planId ? selection : undefined;
  }

  async listOfPlan(planId: string): Promise<readonly BackupSelectionRecord[]> {
    const byId = ascending<BackupSelectionRecord>(({ selectionId }) => selectionId);
    return this.#ofPlan(planId).sort((a, b) => a.createdAt - b.createdAt || byId(a, b));
  }

  async list(planId: string, page: PageRequest): Promise<Page<BackupSelectionRecord>> {
    const found = this.#ofPlan(planId).sort(newestFirst((selection) => selection.selectionId));
    return pageOf(found, (selection) => selection.selectionId, page);
  }

  async remove(planId: string, selectionId: string): Promise<boolean> {
    return (await this.get(planId, selectionId)) !== undefined && this.#selections.delete(selectionId);
  }

  #ofPlan(planId: string): BackupSelectionRecord[] {
    return [...this.#selections.values()].filter((selection) => selection.planId === planId);
  }
}
