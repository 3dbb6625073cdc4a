import type { ControlPorts } from '../ports.ts';
import { requestFingerprint } from '../request-fingerprint.ts';
import type { Scope } from '../scope.ts';
import { createVault } from './create-vault.ts';
import type { BackupVaultRecord } from './vault-store.ts';

const DEFAULT_VAULT = 'Default';

/** The vault `Default` of an account and region, made when it is missing (VAULT-3). */
export async function ensureDefaultVault(ports: ControlPorts, scope: Scope): Promise<BackupVaultRecord> {
  const existing = await ports.stores.vaults.get(scope, DEFAULT_VAULT);
  if (existing !== undefined) return existing;
  return createVault(ports, scope, {
    name: DEFAULT_VAULT,
    type: 'BACKUP_VAULT',
    requestFingerprint: requestFingerprint({ name: DEFAULT_VAULT }, []),
  });
}
