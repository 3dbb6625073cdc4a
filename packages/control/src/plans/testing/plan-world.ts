/** Plans, selections, holds and copies on fakes, called without a wire. */
import { randomUUID } from 'node:crypto';
import { JobQueue } from '@holdfast/jobs';
import { FakeClock, MemoryJobStore } from '@holdfast/jobs/testing';
import type { RequestContext } from '@holdfast/wire';
import type { CopyPermissionRequest } from '../../copies/copy-ports.ts';
import { DEFAULT_COPY_QUOTAS } from '../../copies/copy-ports.ts';
import { createCopyHandlers } from '../../copies/create-copy-handlers.ts';
import { createLegalHoldHandlers } from '../../legal-holds/create-legal-hold-handlers.ts';
import { holdPort } from '../../legal-holds/hold-port.ts';
import { DEFAULT_LEGAL_HOLDS_PER_ACCOUNT } from '../../legal-holds/legal-hold-ports.ts';
import { type ControlPorts, DEFAULT_QUOTAS, type OrganizationMembership, type RoleCheck } from '../../ports.ts';
import type { RecoveryPointRecord } from '../../recovery-points/recovery-point-store.ts';
import type { ResourceRecord } from '../../resources/resource-store.ts';
import { MemoryCopyJobStore } from '../../testing/memory-copy-job-store.ts';
import { MemoryLegalHoldStore } from '../../testing/memory-legal-hold-store.ts';
import { MemoryPlanStore, MemorySelectionStore } from '../../testing/memory-plan-stores.ts';
import { memoryStores } from '../../testing/test-control.ts';
import type { BackupVaultRecord } from '../../vaults/vault-store.ts';
import { createPlanHandlers } from '../create-plan-handlers.ts';
import { DEFAULT_PLAN_QUOTAS } from '../plan-ports.ts';

export const SCOPE = { accountId: '123456789012', region: 'us-east-1' };
export const ROLE_ARN = 'arn:aws:iam::123456789012:role/backup';

export type PlanWorld = ReturnType<typeof planWorld>;

export function planWorld(startAt = Date.UTC(2024, 0, 1)) {
  const clock = new FakeClock(startAt);
  const jobStore = new MemoryJobStore();
  const stores = memoryStores(jobStore);
  const plans = new MemoryPlanStore(stores.tags);
  const selections = new MemorySelectionStore();
  const legalHolds = new MemoryLegalHoldStore(stores.recoveryPoints, stores.tags);
  const copyJobs = new MemoryCopyJobStore(jobStore);
  const switches = {
    role: { ok: true } as RoleCheck,
    copyPolicy: { ok: true } as RoleCheck,
    membership: undefined as OrganizationMembership | undefined,
    /** Thrown when the engine is asked to place a hold. */
    storeFailure: undefined as Error | undefined,
  };
  const copyRequests: CopyPermissionRequest[] = [];
  /** `<engineId> <hold>` for each hold that stands in the engine. */
  const engineHolds = new Set<string>();
  const unused = async (): Promise<never> => {
    throw new Error('nothing here reaches this port');
  };
  const control: ControlPorts = {
    clock,
    stores,
    ids: { uuid: () => randomUUID(), hex: (prefix, digits) => prefix + '0'.repeat(digits) },
    keys: { resolve: unused, check: async () => ({ ok: true }) },
    roles: {
      assume: async () => switches.role,
      mayUse: async () => switches.role,
      mayDelete: async () => switches.role,
      ensureServiceLinkedRole: async () => {},
      defaultRoleArn: async () => ROLE_ARN,
      principalExists: async () => true,
    },
    organization: { membership: async () => switches.membership },
    vaultShares: { sharedWith: async () => [] },
    holds: holdPort(legalHolds),
    copies: copyJobs,
    repositories: {
      create: unused,
      open: unused,
      changeRetention: unused,
      placeHold: async (_vault, engineId, hold) => {
        if (switches.storeFailure !== undefined) throw switches.storeFailure;
        engineHolds.add(`${engineId} ${hold}`);
      },
      releaseHold: async (_vault, engineId, hold) => void engineHolds.delete(`${engineId} ${hold}`),
      warmUp: unused,
      remove: unused,
    },
    connectors: { descriptors: () => [], resourceTypes: () => [], open: unused, validateSettings: unused },
    jobControl: { requestStop: async () => 'not-found', wake: () => {} },
    background: { run: (_name, task) => void task() },
    quotas: DEFAULT_QUOTAS,
    emit: () => {},
    log: () => {},
  };
  const ports = {
    ...control,
    plans,
    selections,
    legalHolds,
    copyJobs,
    catalog: { transaction: <T>(work: () => Promise<T>) => work() },
    planQuotas: DEFAULT_PLAN_QUOTAS,
    templateKey: new Uint8Array(32).fill(7),
    legalHoldsPerAccount: DEFAULT_LEGAL_HOLDS_PER_ACCOUNT,
    copyQuotas: DEFAULT_COPY_QUOTAS,
    copyPolicies: {
      check: async (request: CopyPermissionRequest) => {
        copyRequests.push(request);
        return switches.copyPolicy;
      },
    },
    engineCopy: { copy: unused, takeOverMs: 120_000 },
  };
  return {
    ...ports,
    clock,
    stores,
    switches,
    copyRequests,
    engineHolds,
    queue: new JobQueue({ store: jobStore, clock }),
    jobStore,
    handlers: { ...createPlanHandlers(ports), ...createLegalHoldHandlers(ports), ...createCopyHandlers(ports) },
    context: (operation = 'Test', scope = SCOPE): RequestContext => aContext(operation, scope, clock.now()),
    ports,
  };
}

function aContext(operation: string, scope: typeof SCOPE, now: number): RequestContext {
  const arn = `arn:aws:iam::${scope.accountId}:user/tester`;
  return {
    ...scope,
    operation,
    now,
    requestId: randomUUID(),
    service: 'backup',
    principal: { type: 'IAMUser', arn, accountId: scope.accountId, userId: 'AIDATESTER' },
    accessKeyId: 'AKIATESTER',
    isTemporary: false,
    sourceIp: '127.0.0.1',
    userAgent: 'test',
    isSecure: false,
    signal: AbortSignal.timeout(60_000),
  };
}

export function aResource(arn: string, resourceType: string, tags: Record<string, string> = {}): ResourceRecord {
  return {
    ...SCOPE,
    arn,
    resourceType,
    name: arn,
    sourceName: 'source',
    sourceTags: tags,
    localTags: {},
    status: 'available',
    firstSeenAt: 0,
    lastSeenAt: 0,
  };
}

export function aVault(name: string, members: Partial<BackupVaultRecord> = {}): BackupVaultRecord {
  const { accountId, region } = { ...SCOPE, ...members };
  return {
    accountId,
    region,
    vaultId: `${accountId}-${region}-${name}`,
    name,
    arn: `arn:aws:backup:${region}:${accountId}:backup-vault:${name}`,
    type: 'BACKUP_VAULT',
    state: 'AVAILABLE',
    encryptionKeyArn: `arn:aws:kms:${region}:${accountId}:key/own`,
    encryptionKeyType: 'CUSTOMER_MANAGED_KMS_KEY',
    createdAt: 0,
    recoveryPointCount: 0,
    ...members,
  };
}

export function aRecoveryPoint(
  id: string,
  vault: BackupVaultRecord,
  members: Partial<RecoveryPointRecord> = {},
): RecoveryPointRecord {
  return {
    accountId: vault.accountId,
    region: vault.region,
    arn: `arn:aws:backup:${vault.region}:${vault.accountId}:recovery-point:${id}`,
    vaultId: vault.vaultId,
    vaultName: vault.name,
    vaultArn: vault.arn,
    vaultType: vault.type,
    engineId: id,
    resourceArn: `arn:aws:elasticfilesystem:${vault.region}:${vault.accountId}:file-system/fs-1`,
    resourceType: 'EFS',
    status: 'COMPLETED',
    createdAt: 0,
    sizeBytes: 100,
    storedBytes: 50,
    itemCount: 1,
    issueCount: 0,
    isEncrypted: true,
    iamRoleArn: ROLE_ARN,
    storageClass: 'WARM',
    isParent: false,
    isContinuous: false,
    restoreMetadata: {},
    resourceTags: {},
    ...members,
  };
}
