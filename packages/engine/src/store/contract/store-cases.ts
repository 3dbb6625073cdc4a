import { deleteAndListCases } from './delete-and-list-cases.ts';
import { putCases } from './put-cases.ts';
import { readCases } from './read-cases.ts';
import { retentionCases } from './retention-cases.ts';
import type { StoreCase } from './store-case.ts';
import { tierCases } from './tier-cases.ts';

/** Every obligation of `Store` that can be checked from outside. */
export const storeCases: readonly StoreCase[] = [
  ...putCases,
  ...readCases,
  ...deleteAndListCases,
  ...retentionCases,
  ...tierCases,
];
