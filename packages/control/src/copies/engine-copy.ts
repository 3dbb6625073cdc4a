import { copyRecoveryPoint } from '@holdfast/engine/maintenance';
import type { VaultRepositories, VaultRepository } from '../recovery-points/vault-repositories.ts';
import type { EngineCopyPort } from './copy-ports.ts';

/** Copies through the engine, between the repositories of two vaults. */
export function engineCopyPort(repositories: Pick<VaultRepositories, 'open'>): EngineCopyPort {
  return {
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
        signal: request.signal,
        onProgress: ({ logicalBytes }) => request.onProgress({ copiedBytes: logicalBytes, totalBytes }),
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
