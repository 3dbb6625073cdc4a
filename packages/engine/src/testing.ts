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
