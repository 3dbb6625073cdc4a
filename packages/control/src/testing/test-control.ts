/** The control plane on fakes, behind a real listener and the real SDK client. */
import { randomUUID } from 'node:crypto';
import { BackupClient } from '@aws-sdk/client-backup';
import type { RecoveryPointRetention } from '@holdfast/engine';
import { JobQueue } from '@holdfast/jobs';
import { FakeClock, MemoryJobStore } from '@holdfast/jobs/testing';
import { implement } from '@holdfast/wire';
import { backup } from '@holdfast/wire/backup';
import { type TestWire, testWire } from '@holdfast/wire/testing';
import { createAdminService } from '../admin/create-admin-service.ts';
import { createBackupHandlers } from '../backup-handlers.ts';
import type { ControlEvent } from '../events/control-event.ts';
import { type ControlPorts, DEFAULT_QUOTAS, type OrganizationMembership } from '../ports.ts';
import { FakeBucket } from './fake-bucket.ts';
import { FakeConnector } from './fake-connector.ts';
import { FakeDatabase } from './fake-database.ts';
import { MemoryBackupJobStore, MemoryIssues, MemoryJobSummaryStore } from './memory-backup-job-stores.ts';
import { MemoryContinuousBackupStore } from './memory-continuous-backup-store.ts';
import { MemoryRecoveryPointStore } from './memory-recovery-point-store.ts';
import { MemoryRepository } from './memory-repository.ts';
import { MemoryProtectedResourceStore, MemoryResourceStore, MemorySourceStore } from './memory-resource-stores.ts';
import { MemoryRestoreJobStore } from './memory-restore-job-store.ts';
import { MemorySettingsStore } from './memory-settings-store.ts';
import { MemoryTagStore } from './memory-tag-store.ts';
import { MemoryVaultStore } from './memory-vault-store.ts';

export const SCOPE = { accountId: '123456789012', region: 'us-east-1' };
export const ROLE_ARN = 'arn:aws:iam::123456789012:role/service-role/AWSBackupDefaultServiceRole';
export const FILE_SYSTEM_ARN = 'arn:aws:elasticfilesystem:us-east-1:123456789012:file-system/fs-1';

/** What tests turn to make ports answer otherwise. */
export interface Switches {
  roles: Set<string>;
  /** Actions that no role may do. */
  missingRights: Set<string>;
  /** ARNs of keys that cannot be used. */
  disabledKeys: Set<string>;
  holds: readonly string[];
  /** Whether a cancelled hold is still being taken off. */
  isReleasing: boolean;
  isCopying: boolean;
  /** Thrown when a repository is made or a retention moved. */
  storeFailure: Error | undefined;
  sharedVaultIds: readonly string[];
  membership: OrganizationMembership | undefined;
  quotas: typeof DEFAULT_QUOTAS;
}

export function memoryStores(queue: MemoryJobStore) {
  const tags = new MemoryTagStore();
  const vaults = new MemoryVaultStore(tags);
  const recoveryPoints = new MemoryRecoveryPointStore(tags, vaults);
  const issues = new MemoryIssues();
  return {
    tags,
    vaults,
    recoveryPoints,
    protectedResources: new MemoryProtectedResourceStore(recoveryPoints),
    resources: new MemoryResourceStore(),
    sources: new MemorySourceStore(),
    settings: new MemorySettingsStore(),
    backupJobs: new MemoryBackupJobStore(queue, issues),
    restoreJobs: new MemoryRestoreJobStore(queue, issues),
    continuousBackups: new MemoryContinuousBackupStore(),
    jobSummaries: new MemoryJobSummaryStore(queue),
  };
}

export type TestControl = Awaited<ReturnType<typeof testControl>>;

/** Everything that a test of the control plane needs; the clock stands at the machine's time, so that signatures hold. */
export async function testControl(options: { readonly hasContinuousSources?: boolean } = {}) {
  const clock = new FakeClock(Math.floor(Date.now() / 1000) * 1000);
  const jobStore = new MemoryJobStore();
  const queue = new JobQueue({ store: jobStore, clock });
  const stores = memoryStores(jobStore);
  const connector = new FakeConnector();
  const database = new FakeDatabase(clock);
  const bucket = new FakeBucket(clock);
  const continuous = options.hasContinuousSources === true ? [database, bucket] : [];
  const repositories = new Map<string, MemoryRepository>();
  /** Dates that were moved after the content was stored, by the engine's identifier. */
  const retentions = new Map<string, RecoveryPointRetention>();
  /** What was fetched from cold storage, by the engine's identifier. */
  const warmedUp: string[] = [];
  /** Looks that still find content cold. */
  const coldLooks: string[] = [];
  const events: ControlEvent[] = [];
  const background: Promise<void>[] = [];
  const switches: Switches = {
    roles: new Set([ROLE_ARN]),
    missingRights: new Set(),
    disabledKeys: new Set(),
    holds: [],
    isReleasing: false,
    isCopying: false,
    storeFailure: undefined,
    sharedVaultIds: [],
    membership: undefined,
    quotas: DEFAULT_QUOTAS,
  };
  const ports: ControlPorts = {
    clock,
    stores,
    ids: {
      uuid: () => randomUUID(),
      hex: (prefix, digits) => prefix + randomUUID().replaceAll('-', '').slice(0, digits),
    },
    keys: {
      resolve: async (_scope, keyArn) =>
        keyArn?.includes('missing') === true
          ? { ok: false, reason: `there is no key ${keyArn}` }
          : {
              ok: true,
              keyArn: keyArn ?? 'arn:aws:kms:us-east-1:123456789012:key/default',
              keyType: keyArn === undefined ? 'AWS_OWNED_KMS_KEY' : 'CUSTOMER_MANAGED_KMS_KEY',
            },
      check: async (keyArn) =>
        switches.disabledKeys.has(keyArn) ? { ok: false, reason: `${keyArn} is disabled.` } : { ok: true },
    },
    roles: {
      assume: async (_accountId, roleArn) =>
        switches.roles.has(roleArn) ? { ok: true } : { ok: false, reason: 'the role does not exist' },
      mayUse: async (_accountId, _roleArn, rights) => {
        const missing = rights.find(({ action }) => switches.missingRights.has(action));
        return missing === undefined
          ? { ok: true }
          : { ok: false, reason: `no policy allows ${missing.action} on ${missing.resource}` };
      },
      mayDelete: async (_accountId, roleArn) =>
        switches.roles.has(roleArn) ? { ok: true } : { ok: false, reason: 'the role does not exist' },
      ensureServiceLinkedRole: async () => {},
      defaultRoleArn: async () => ROLE_ARN,
      principalExists: async (principal) => !principal.includes('nobody'),
    },
    organization: { membership: async () => switches.membership },
    vaultShares: { sharedWith: async () => switches.sharedVaultIds },
    holds: { holdsOn: async () => switches.holds, isBeingReleased: async () => switches.isReleasing },
    copies: { isCopying: async () => switches.isCopying },
    repositories: {
      create: async ({ vaultId }) => {
        if (switches.storeFailure !== undefined) throw switches.storeFailure;
        repositories.set(vaultId, new MemoryRepository(vaultId));
      },
      open: async ({ vaultId }) => repositoryOf(repositories, vaultId),
      changeRetention: async (_vault, engineId, retention) => {
        if (switches.storeFailure !== undefined) throw switches.storeFailure;
        retentions.set(engineId, retention);
      },
      placeHold: async () => {},
      releaseHold: async () => {},
      warmUp: async (_vault, engineId) => {
        warmedUp.push(engineId);
        return { ready: coldLooks.pop() === undefined ? 1 : 0, total: 1 };
      },
      remove: async ({ vaultId }) => void repositories.delete(vaultId),
    },
    connectors: {
      descriptors: () => [connector.descriptor, ...continuous.map(({ descriptor }) => descriptor)],
      resourceTypes: () => ['EFS'],
      open: async ({ kind }) => (continuous.find(({ descriptor }) => descriptor.kind === kind) ?? connector).open(),
      validateSettings: async (_kind, settings) => settings,
    },
    jobControl: { requestStop: (jobId, reason) => queue.requestStop(jobId, reason), wake: () => {} },
    background: { run: (_name, task) => void background.push(task()) },
    get quotas() {
      return switches.quotas;
    },
    emit: (event) => void events.push(event),
    log: () => {},
  };
  const wire: TestWire = await testWire(
    [
      implement(backup, createBackupHandlers(ports)),
      createAdminService(ports, { version: '0.0.0-test', startedAt: 0, workers: async () => [] }),
    ],
    { clock },
  );
  return {
    clock,
    ports,
    stores,
    queue,
    jobStore,
    connector,
    database,
    bucket,
    repositories,
    retentions,
    warmedUp,
    coldLooks,
    events,
    switches,
    wire,
    client: new BackupClient(wire.clientConfig),
    /** Waits for work that requests left behind. */
    settle: async () => {
      await Promise.all(background.splice(0));
    },
    [Symbol.asyncDispose]: () => wire[Symbol.asyncDispose](),
  };
}

function repositoryOf(repositories: ReadonlyMap<string, MemoryRepository>, vaultId: string): MemoryRepository {
  const repository = repositories.get(vaultId);
  if (repository === undefined) throw new Error(`no repository ${vaultId}`);
  return repository;
}

/** A vault, a source with one file system of two files, discovered and ready to be protected. */
export async function withFileSystem(
  control: TestControl,
  files: Record<string, string> = { 'a.txt': 'a', 'b.txt': 'bb' },
) {
  const { CreateBackupVaultCommand } = await import('@aws-sdk/client-backup');
  await control.client.send(new CreateBackupVaultCommand({ BackupVaultName: 'Default' }));
  control.connector.put({
    files,
    resource: {
      arn: FILE_SYSTEM_ARN,
      resourceType: 'EFS',
      name: 'home',
      path: '/srv/home',
      tags: { team: 'blue' },
      status: 'available',
    },
  });
  const source = {
    ...SCOPE,
    name: 'home',
    kind: 'fake',
    settings: {},
    tags: {},
    origin: 'api',
    createdAt: control.clock.now(),
    status: 'unchecked',
  } as const;
  await control.stores.sources.create(source);
  const { discoverResources } = await import('../sources/discover-resources.ts');
  await discoverResources(control.ports, source, AbortSignal.timeout(10_000));
}
