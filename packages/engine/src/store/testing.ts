export { putBytes, sampleBytes } from './contract/store-case.ts';
export { type StoreUnderTest, testStore } from './contract/test-store.ts';
export { CrashingStore, CrashPoint, crashing, SimulatedCrash } from './decorators/crash-point.ts';
export { type Fault, type FaultRule, FaultyStore, type FaultyStoreOptions } from './decorators/faulty-store.ts';
