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
export { SqliteAuthority, type SqliteAuthorityOptions } from './authority/sqlite-authority.ts';
export { planWarmUp, stepWarmUp, type WarmUpPlan, type WarmUpProgress } from './cold/restore-from-cold.ts';
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
export { createRepository, openRepository } from './engine-repository.ts';
export { KeyError, type KeyErrorCode } from './keys/key-error.ts';
export { KeyFileProvider } from './keys/key-file-provider.ts';
export type { KeyProvider, WrappedKey } from './keys/key-provider.ts';
export type {
  AppendLogOutcome,
  AppendLogRequest,
  LogGap,
  LogReader,
  LogSegment,
  LogWindow,
  StoredLogSegment,
} from './log/log-stream.ts';
export type {
  PolicyFacts,
  RecoveryPointOutcome,
  RecoveryPointRetention,
  RecoveryPointStatistics,
  RecoveryPointSummary,
  SealedRecoveryPoint,
} from './point/recovery-point.ts';
export type {
  BackupImageRequest,
  BackupItemsRequest,
  BackupProgress,
  BackupRequest,
  CreateRepositoryOptions,
  DeleteOutcome,
  DeletePlan,
  DirectoryPage,
  FileToWrite,
  ImageExtent,
  ImageReader,
  RecoveryPointReader,
  Repository,
  RepositoryLimits,
  RepositoryOptions,
  WriteFilesOptions,
} from './repository.ts';
export { changeRetention } from './retention/change-retention.ts';
export { holdsOn, placeHold, releaseHold } from './retention/legal-hold.ts';
export { type Refusal, type RefusalReason, type RefusalRemedy, remedyFor } from './retention/refusal.ts';
export {
  type CacheOptions,
  CachingStore,
  checksumOf,
  crc32Checksum,
  type FsStoreOptions,
  type GetOptions,
  isStoreError,
  type ListedObject,
  MemoryStore,
  type ObjectFacts,
  openFsStore,
  openS3Store,
  openStore,
  type PutOptions,
  probeS3,
  RateLimitedStore,
  type RateLimits,
  type RequestCounts,
  RequestLedger,
  RetryingStore,
  type S3Capabilities,
  type S3StoreOptions,
  type Store,
  type StoreChecksum,
  type StoreDescription,
  StoreError,
  type StoreErrorCode,
  type StoreKey,
  type StoreProperties,
  type StoreReport,
  type StoreRetention,
  type StoreSurroundings,
  type StoreTier,
  type ValidateStoreOptions,
  validateStore,
} from './store/index.ts';
export { PayloadWorkers } from './worker/payload-workers.ts';
