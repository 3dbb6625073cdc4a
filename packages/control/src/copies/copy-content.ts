import type { JobHandle } from '@holdfast/jobs';
import { retentionForEngine } from '../recovery-points/retention-for-engine.ts';
import { sealedFacts } from '../recovery-points/sealed-facts.ts';
import { CopyAttempts } from './copy-attempts.ts';
import type { CopyPorts } from './copy-ports.ts';
import type { PreparedCopy } from './prepare-copy.ts';

/** Copies the bytes of a recovery point through the engine; what the copy added to the destination's store, in bytes. */
export async function copyContent(ports: CopyPorts, copy: PreparedCopy, handle: JobHandle): Promise<number> {
  const { record, source, destination, draft, tags } = copy;
  const attempts = new CopyAttempts(ports.copyJobs, record);
  const { storedBytes } = await ports.engineCopy.copy({
    sourceVault: { accountId: source.accountId, region: source.region, vaultId: source.vaultId },
    sourceRecoveryPointId: source.engineId,
    destinationVault: destination,
    destinationRecoveryPointId: draft.engineId,
    retention: retentionForEngine(ports.clock.now(), draft.deleteAt, destination.lock),
    facts: sealedFacts({ recoveryPoint: draft, tags }),
    resumeFences: attempts.earlier,
    signal: handle.signal,
    onProgress: ({ fence, copiedBytes, totalBytes }) => {
      attempts.note(fence);
      handle.progress({
        bytesTransferred: copiedBytes,
        percentDone: totalBytes === 0 ? 99 : Math.min(99, (copiedBytes / totalBytes) * 100),
      });
    },
  });
  await attempts.noted();
  return storedBytes;
}
