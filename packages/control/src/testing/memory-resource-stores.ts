import type { Page, PageRequest } from '../pagination/page.ts';
import type {
  LatestRestore,
  ProtectedResourceRecord,
  ProtectedResourceStore,
} from '../protected-resources/protected-resource-store.ts';
import type { RecoveryPointRecord } from '../recovery-points/recovery-point-store.ts';
import type { ResourceListQuery, ResourceRecord, ResourceStore } from '../resources/resource-store.ts';
import type { Scope, Tags } from '../scope.ts';
import type { SourceRecord, SourceStatus, SourceStore } from '../sources/source-store.ts';
import type { MemoryRecoveryPointStore } from './memory-recovery-point-store.ts';
import { ascending, fits, newestFirst, pageOf } from './page-of.ts';

function isIn(scope: Scope): (record: Scope) => boolean {
  return (record) => record.accountId === scope.accountId && record.region === scope.region;
}

export class MemoryResourceStore implements ResourceStore {
  readonly #resources = new Map<string, ResourceRecord>();

  async get(scope: Scope, arn: string): Promise<ResourceRecord | undefined> {
    return this.#resources.get(keyOf(scope, arn));
  }

  async list(query: ResourceListQuery, page: PageRequest): Promise<Page<ResourceRecord>> {
    const resources = [...this.#resources.values()]
      .filter(isIn(query))
      .filter(
        (resource) =>
          fits(resource.resourceType, query.resourceType) &&
          fits(resource.sourceName, query.sourceName) &&
          fits(resource.path, query.path) &&
          (query.statuses?.includes(resource.status) ?? true),
      );
    return pageOf(resources.sort(ascending(({ arn }) => arn)), ({ arn }) => arn, page);
  }

  async upsert(resources: readonly ResourceRecord[]): Promise<void> {
    for (const resource of resources) {
      const known = await this.get(resource, resource.arn);
      const kept = known === undefined ? {} : { localTags: known.localTags, firstSeenAt: known.firstSeenAt };
      this.#resources.set(keyOf(resource, resource.arn), { ...resource, ...kept });
    }
  }

  async markVanished(scope: Scope, sourceName: string, seenSince: number): Promise<readonly string[]> {
    const gone = [...this.#resources.values()].filter(
      (resource) =>
        isIn(scope)(resource) &&
        resource.sourceName === sourceName &&
        resource.lastSeenAt < seenSince &&
        resource.status !== 'vanished',
    );
    for (const resource of gone)
      this.#resources.set(keyOf(resource, resource.arn), { ...resource, status: 'vanished' });
    return gone.map(({ arn }) => arn);
  }

  async setLocalTags(scope: Scope, arn: string, tags: Tags): Promise<boolean> {
    const resource = await this.get(scope, arn);
    if (resource !== undefined) this.#resources.set(keyOf(scope, arn), { ...resource, localTags: tags });
    return resource !== undefined;
  }

  async remove(scope: Scope, arn: string): Promise<void> {
    this.#resources.delete(keyOf(scope, arn));
  }

  async removeOfSource(scope: Scope, sourceName: string): Promise<void> {
    for (const resource of this.#resources.values()) {
      if (isIn(scope)(resource) && resource.sourceName === sourceName) await this.remove(scope, resource.arn);
    }
  }
}

export class MemorySourceStore implements SourceStore {
  readonly #sources = new Map<string, SourceRecord>();

  async create(source: SourceRecord): Promise<boolean> {
    if ((await this.get(source, source.name)) !== undefined) return false;
    await this.put(source);
    return true;
  }

  async put(source: SourceRecord): Promise<void> {
    this.#sources.set(keyOf(source, source.name), source);
  }

  async get(scope: Scope, name: string): Promise<SourceRecord | undefined> {
    return this.#sources.get(keyOf(scope, name));
  }

  async list(scope: Scope, page: PageRequest): Promise<Page<SourceRecord>> {
    const sources = [...this.#sources.values()].filter(isIn(scope)).sort(ascending(({ name }) => name));
    return pageOf(sources, ({ name }) => name, page);
  }

  async listAll(page: PageRequest): Promise<Page<SourceRecord>> {
    const sources = [...this.#sources.values()].sort(ascending((source) => keyOf(source, source.name)));
    return pageOf(sources, (source) => keyOf(source, source.name), page);
  }

  async setStatus(scope: Scope, name: string, status: SourceStatus): Promise<void> {
    const source = await this.get(scope, name);
    if (source !== undefined) await this.put({ ...source, ...status });
  }

  async remove(scope: Scope, name: string): Promise<boolean> {
    return this.#sources.delete(keyOf(scope, name));
  }
}

/** Computed from the recovery points each time: the definition of what the catalog keeps up to date. */
export class MemoryProtectedResourceStore implements ProtectedResourceStore {
  readonly #points: MemoryRecoveryPointStore;
  readonly #restores = new Map<string, LatestRestore>();

  constructor(points: MemoryRecoveryPointStore) {
    this.#points = points;
  }

  async get(scope: Scope, resourceArn: string): Promise<ProtectedResourceRecord | undefined> {
    return this.#from(this.#points.all().filter(isIn(scope))).find((resource) => resource.resourceArn === resourceArn);
  }

  async list(scope: Scope, page: PageRequest): Promise<Page<ProtectedResourceRecord>> {
    return pageOf(this.#from(this.#points.all().filter(isIn(scope))), ({ resourceArn }) => resourceArn, page);
  }

  async listByVault(vaultId: string, page: PageRequest): Promise<Page<ProtectedResourceRecord>> {
    const points = this.#points.all().filter((point) => point.vaultId === vaultId);
    return pageOf(this.#from(points), ({ resourceArn }) => resourceArn, page);
  }

  async recordRestore(scope: Scope, resourceArn: string, restore: LatestRestore): Promise<void> {
    this.#restores.set(keyOf(scope, resourceArn), restore);
  }

  #from(points: readonly RecoveryPointRecord[]): ProtectedResourceRecord[] {
    const newest = new Map<string, RecoveryPointRecord>();
    for (const point of [...points].sort(newestFirst(({ arn }) => arn))) {
      if (!newest.has(point.resourceArn)) newest.set(point.resourceArn, point);
    }
    return [...newest.values()].sort(ascending(({ resourceArn }) => resourceArn)).map((point) => this.#record(point));
  }

  #record(point: RecoveryPointRecord): ProtectedResourceRecord {
    const restore = this.#restores.get(keyOf(point, point.resourceArn));
    return {
      accountId: point.accountId,
      region: point.region,
      resourceArn: point.resourceArn,
      resourceType: point.resourceType,
      lastBackupAt: point.createdAt,
      lastBackupVaultArn: point.vaultArn,
      lastRecoveryPointArn: point.arn,
      ...(point.resourceName === undefined ? {} : { resourceName: point.resourceName }),
      ...(restore === undefined
        ? {}
        : {
            latestRestoreExecutionMinutes: restore.executionMinutes,
            latestRestoreJobCreatedAt: restore.jobCreatedAt,
            latestRestoreRecoveryPointCreatedAt: restore.recoveryPointCreatedAt,
          }),
    };
  }
}

function keyOf(scope: Scope, name: string): string {
  return `${scope.accountId} ${scope.region} ${name}`;
}
