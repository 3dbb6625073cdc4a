export type {
  Authority,
  CommittedRecoveryPoint,
  CountedPack,
  LeaseRequest,
  PackFacts,
  PackId,
  PackUse,
  ReadLease,
  RecoveryPointCommit,
  WriteLease,
} from './authority/authority.ts';
export { AuthorityError, type AuthorityErrorCode } from './authority/authority-error.ts';
export type {
  ContentSource,
  ExtendedAttribute,
  ItemEntry,
  ItemIssue,
  ItemMetadata,
  ItemPath,
  ItemRecord,
  ItemType,
  PosixMetadata,
} from './content/item-record.ts';
export { EngineError, type EngineErrorCode } from './engine-error.ts';
export { KeyError, type KeyErrorCode } from './keys/key-error.ts';
export type { KeyProvider, WrappedKey } from './keys/key-provider.ts';
export type {
  PolicyFacts,
  RecoveryPointOutcome,
  RecoveryPointRetention,
  RecoveryPointStatistics,
  RecoveryPointSummary,
  SealedRecoveryPoint,
} from './point/recovery-point.ts';
export type {
  BackupItemsRequest,
  BackupProgress,
  CreateRepositoryOptions,
  DeleteOutcome,
  DeletePlan,
  DirectoryPage,
  FileToWrite,
  RecoveryPointReader,
  Repository,
  RepositoryLimits,
  RepositoryOptions,
  WriteFilesOptions,
} from './repository.ts';
export type { Store } from './store/store.ts';
