import { isCatalogUnavailable } from '@holdfast/catalog';
import { StoreError } from '@holdfast/engine';

/** Whether a request failed only because the catalog or a vault's store is away for now. */
export function isTemporary(error: unknown): boolean {
  return error instanceof StoreError || isCatalogUnavailable(error);
}
