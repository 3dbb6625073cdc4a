import type { MemoryRecords } from '../records/memory-records.ts';
import type { RecordCollection, Transactions } from '../records/record-collection.ts';

export type AssociationStatus = 'ASSOCIATING' | 'ASSOCIATED' | 'DISASSOCIATED';

/** A principal (account, unit, organisation) or a resource of a share. */
export interface ShareAssociation {
  readonly entity: string;
  readonly type: 'PRINCIPAL' | 'RESOURCE';
  /** A principal outside the organisation is associating until it accepts the invitation. */
  readonly status: AssociationStatus;
  readonly isExternal: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface ShareInvitation {
  readonly invitationArn: string;
  readonly receiverAccountId: string;
  readonly status: 'PENDING' | 'ACCEPTED' | 'REJECTED' | 'EXPIRED';
  readonly sentAt: number;
}

/** Resources of one account shared with others, in one region. Times are ms since the epoch. */
export interface ResourceShareRecord {
  readonly shareArn: string;
  readonly name: string;
  readonly ownerAccountId: string;
  readonly region: string;
  readonly allowsExternalPrincipals: boolean;
  readonly status: 'ACTIVE' | 'DELETED';
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly tags: Readonly<Record<string, string>>;
  readonly associations: readonly ShareAssociation[];
  readonly invitations: readonly ShareInvitation[];
  readonly clientToken?: string | undefined;
}

/** Shares lie in the scope of their region under their ARN: they are looked for from both sides. */
export interface ShareStore extends Transactions {
  readonly shares: RecordCollection<ResourceShareRecord>;
}

/** A share store in memory, for tests. */
export function createMemoryShareStore(records: MemoryRecords): ShareStore {
  return { transaction: (work) => records.transaction(work), shares: records.collection() };
}
