export { checksumOf, crc32Checksum } from './checksum.ts';
export {
  type StoreCaseResult,
  type StoreReport,
  type ValidateStoreOptions,
  validateStore,
} from './contract/validate-store.ts';
export { type CacheOptions, CachingStore } from './decorators/caching-store.ts';
export { RateLimitedStore, type RateLimitOptions, type RateLimits } from './decorators/rate-limited-store.ts';
export { type RequestCounts, RequestLedger, type RequestTotals } from './decorators/request-ledger.ts';
export { RetryingStore, type RetryOptions } from './decorators/retrying-store.ts';
export { type FsStoreOptions, openFsStore } from './fs/fs-store.ts';
export { MemoryStore, type MemoryStoreOptions } from './memory-store.ts';
export { openStore, type StoreDescription, type StoreSurroundings } from './open-store.ts';
export { openS3Store, probeS3 } from './s3/load-s3.ts';
export type { S3Capabilities, S3StoreOptions } from './s3/s3-options.ts';
export type {
  GetOptions,
  ListedObject,
  ObjectFacts,
  PutOptions,
  RequestOptions,
  Store,
  StoreChecksum,
  StoreKey,
  StoreProperties,
  StoreRetention,
  StoreTier,
} from './store.ts';
export { isStoreError, StoreError, type StoreErrorCode } from './store-error.ts';
