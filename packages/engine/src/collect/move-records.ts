import type { PackMove } from '../authority/collection-authority.ts';
import { putRecord, readRecord } from '../retention/sealed-record.ts';
import type { VaultParts } from '../retention/vault-parts.ts';

/** Which frames went where, sealed in the store before the authority knows: recovery without a database needs it. */
export interface MoveRecord {
  readonly movedAt: number;
  readonly moves: readonly PackMove[];
  /** Copied by a writer for the recovery point that it commits: that object has the same fence as the record. */
  readonly isOfCommit?: true;
}

export function moveKey(fence: number): string {
  return `moves/${fence.toString(16).padStart(8, '0')}`;
}

/** The fence of a record of moves; undefined for other names. */
export function parseMoveName(key: string): number | undefined {
  const fence = Number.parseInt(/^moves\/([0-9a-f]{8})$/.exec(key)?.[1] ?? '', 16);
  return Number.isNaN(fence) || moveKey(fence) !== key ? undefined : fence;
}

export async function putMoveRecord(
  parts: VaultParts,
  fence: number,
  moves: readonly PackMove[],
  options: { readonly isOfCommit?: true } = {},
): Promise<void> {
  const record: MoveRecord = { movedAt: parts.clock(), moves, ...options };
  await putRecord(parts, moveKey(fence), record, { mayUseReserve: true });
}

export async function readMoveRecord(
  parts: Pick<VaultParts, 'vaultId' | 'store' | 'keys'>,
  name: string,
): Promise<MoveRecord> {
  return (await readRecord(parts, name)) as MoveRecord;
}
