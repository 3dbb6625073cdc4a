import type { RequestContext } from '@holdfast/wire';
import { backupArn } from '../arn.ts';
import { alreadyExists, invalidParameter, limitExceeded } from '../errors.ts';
import type { ControlPorts } from '../ports.ts';
import type { Scope, Tags } from '../scope.ts';
import { checkTags } from '../tags/tag-rules.ts';
import type { BackupVaultRecord, VaultLock, VaultType } from './vault-store.ts';

export interface NewVault {
  readonly name: string;
  readonly type: VaultType;
  readonly encryptionKeyArn?: string | undefined;
  /** Who asks, when it is not the service itself; must be allowed to hand the key over. */
  readonly caller?: RequestContext;
  readonly creatorRequestId?: string | undefined;
  readonly requestFingerprint: string;
  readonly tags?: Readonly<Record<string, string | undefined>> | undefined;
  readonly lock?: VaultLock;
}

/**
 * Makes a vault with its repository. A retry (same creator request ID, same content) gets the vault that exists.
 * @throws ServiceError AlreadyExistsException, LimitExceededException, InvalidParameterValueException, AccessDeniedException
 */
export async function createVault(ports: ControlPorts, scope: Scope, request: NewVault): Promise<BackupVaultRecord> {
  const tags = checkTags(request.tags, ports.quotas.tagsPerResource);
  const existing = await ports.stores.vaults.get(scope, request.name);
  if (existing !== undefined) return adoptOrRefuse(existing, request);
  const vault = await newRecord(ports, scope, request);
  await ports.repositories.create(vault);
  return insert(ports, vault, tags, request);
}

async function newRecord(ports: ControlPorts, scope: Scope, request: NewVault): Promise<BackupVaultRecord> {
  const key = await resolveKey(ports, scope, request);
  return {
    ...scopeOf(scope),
    vaultId: ports.ids.uuid().replaceAll('-', ''),
    name: request.name,
    arn: backupArn(scope, 'backup-vault', request.name),
    type: request.type,
    state: 'AVAILABLE',
    encryptionKeyArn: key.keyArn,
    encryptionKeyType: key.keyType,
    createdAt: ports.clock.now(),
    recoveryPointCount: 0,
    requestFingerprint: request.requestFingerprint,
    ...(request.creatorRequestId === undefined ? {} : { creatorRequestId: request.creatorRequestId }),
    ...(request.lock === undefined ? {} : { lock: request.lock }),
  };
}

async function resolveKey(ports: ControlPorts, scope: Scope, { encryptionKeyArn: keyArn, caller }: NewVault) {
  if (keyArn !== undefined && !/^arn:aws[a-z-]*:kms:[^:]+:[^:]*:key\/.+$/.test(keyArn)) {
    throw invalidParameter(
      `EncryptionKeyArn must be the ARN of a key (an alias is not enough), not "${keyArn}".`,
      'EncryptionKeyArn',
    );
  }
  const key = await ports.keys.resolve(scope, keyArn, caller);
  if (!key.ok) throw invalidParameter(`The encryption key cannot be used: ${key.reason}`, 'EncryptionKeyArn');
  return key;
}

async function insert(
  ports: ControlPorts,
  vault: BackupVaultRecord,
  tags: Tags,
  request: NewVault,
): Promise<BackupVaultRecord> {
  const result = await ports.stores.vaults.create(vault, tags, ports.quotas.vaultsPerRegion);
  if (result.outcome === 'created') {
    const { accountId, region } = vault;
    const scope = { accountId, region };
    const at = ports.clock.now();
    ports.emit({ kind: 'vault-changed', at, scope, vaultName: vault.name, vaultArn: vault.arn, change: 'created' });
    return vault;
  }
  await ports.repositories.remove(vault);
  if (result.outcome === 'exists') return adoptOrRefuse(result.vault, request);
  throw limitExceeded(
    `Account ${vault.accountId} has reached its limit of ${ports.quotas.vaultsPerRegion} backup vaults in ${vault.region}. ` +
      'Delete a vault that is not needed, or raise the limit in the configuration.',
  );
}

function adoptOrRefuse(existing: BackupVaultRecord, request: NewVault): BackupVaultRecord {
  const isRetry =
    request.creatorRequestId !== undefined &&
    existing.creatorRequestId === request.creatorRequestId &&
    existing.requestFingerprint === request.requestFingerprint;
  if (isRetry) return existing;
  throw alreadyExists(`Backup vault with the same name already exists: ${existing.arn}`, existing);
}

function scopeOf(scope: Scope): Scope {
  return { accountId: scope.accountId, region: scope.region };
}
