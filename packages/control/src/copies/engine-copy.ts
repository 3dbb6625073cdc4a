import { copyRecoveryPoint } from '@holdfast/engine/maintenance';
import type { VaultRepositories, VaultRepository } from '../recovery-points/vault-repositories.ts';
import type { EngineCopyPort } from './copy-ports.ts';

/** The engine's write lease, after which nobody but the next attempt can write. */
const WRITE_LEASE_MS = 120_000;

/** Copies through the engine, between the repositories of two vaults. */
export function engineCopyPort(
  repositories: Pick<VaultRepositories, 'open'>,
  options: { readonly targetPackBytes?: number } = {},
): EngineCopyPort {
  return {
    takeOverMs: WRITE_LEASE_MS,
    async copy(request) {
      const source = await repositories.open(request.sourceVault);
      const target = await repositories.open(request.destinationVault);
      // A job that continues after a crash may have committed the bytes before it could say so.
      if (await holds(target, request.destinationRecoveryPointId)) return { storedBytes: 0 };
      const totalBytes = await logicalBytesOf(source, request.sourceRecoveryPointId);
      return await copyRecoveryPoint({
        source: source.parts,
        target: target.parts,
        recoveryPointId: request.sourceRecoveryPointId,
        targetRecoveryPointId: request.destinationRecoveryPointId,
        retention: request.retention,
        facts: request.facts,
        resumeFences: request.resumeFences,
        signal: request.signal,
        onProgress: ({ fence, logicalBytes }) => request.onProgress({ fence, copiedBytes: logicalBytes, totalBytes }),
        ...(options.targetPackBytes === undefined ? {} : { targetPackBytes: options.targetPackBytes }),
      });
    },
  };
}

async function holds({ parts }: VaultRepository, recoveryPointId: string): Promise<boolean> {
  return (await parts.authority.recoveryPoint(parts.vaultId, recoveryPointId)) !== undefined;
}

async function logicalBytesOf(repository: VaultRepository, recoveryPointId: string): Promise<number> {
  await using reader = await repository.openRecoveryPoint(recoveryPointId);
  return reader.summary.statistics.logicalBytes;
}
