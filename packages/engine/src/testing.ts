export { type AuthorityUnderTest, testAuthority } from './authority/contract/test-authority.ts';
export {
  CrashingStore,
  CrashPoint,
  crashing,
  type Fault,
  type FaultRule,
  FaultyStore,
  putBytes,
  SimulatedCrash,
  type StoreUnderTest,
  sampleBytes,
  testStore,
} from './store/testing.ts';
export { MemoryKeyProvider } from './testing/memory-key-provider.ts';
export { addSyntheticIndex } from './testing/synthetic-index.ts';
