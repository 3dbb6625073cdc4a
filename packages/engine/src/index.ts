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
export {
  CachingStore,
  isStoreError,
  MemoryStore,
  openFsStore,
  openS3Store,
  openStore,
  probeS3,
  RateLimitedStore,
  RequestLedger,
  RetryingStore,
  type S3Capabilities,
  type S3StoreOptions,
  type Store,
  type StoreDescription,
  StoreError,
  type StoreErrorCode,
  type StoreProperties,
  type StoreReport,
  validateStore,
} from './store/index.ts';
