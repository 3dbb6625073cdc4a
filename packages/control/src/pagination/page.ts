/**
 * Key-set pagination, the only kind there is here: a page continues after the sort key of the last item of the page
 * before, so that page one million costs what page one costs.
 */
export interface PageRequest {
  /** Largest number of items to return, at least 1. */
  readonly limit: number;
  /** The `nextKey` of the page before, exactly as the store gave it; absent on the first page. */
  readonly afterKey?: string;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  /** Sort key of the last item as text that only the store understands; absent when nothing follows. */
  readonly nextKey?: string;
}

/** Times in ms since the epoch; both ends exclusive, as the API's "created after" and "created before" say. */
export interface TimeRange {
  readonly after?: number;
  readonly before?: number;
}
