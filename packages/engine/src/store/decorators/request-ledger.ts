import type { ListedObject, RequestOptions, Store } from '../store.ts';
import { ForwardingStore, type StoreCall, type StoreOperation } from './forwarding-store.ts';

export interface RequestCounts {
  readonly requests: number;
  readonly errors: number;
  readonly bytesUp: number;
  readonly bytesDown: number;
}

export type RequestTotals = Readonly<Record<StoreOperation | 'list', RequestCounts>>;

const NOTHING: RequestCounts = { requests: 0, errors: 0, bytesUp: 0, bytesDown: 0 };
const OPERATIONS = ['put', 'get', 'head', 'delete', 'list', 'extendRetention', 'setHold', 'setTier', 'warmUp'] as const;

/** Counts what is asked of a store, so that a job can show its cost and a test can pin it. */
export class RequestLedger extends ForwardingStore {
  #totals: RequestTotals = Object.fromEntries(OPERATIONS.map((operation) => [operation, NOTHING])) as RequestTotals;

  constructor(inner: Store) {
    super(inner);
  }

  /** Everything since the ledger began; a plain value that does not change any more. */
  get totals(): RequestTotals {
    return this.#totals;
  }

  /** What came after an earlier `totals`. */
  since(earlier: RequestTotals): RequestTotals {
    const entries = OPERATIONS.map((operation) => [operation, minus(this.#totals[operation], earlier[operation])]);
    return Object.fromEntries(entries) as RequestTotals;
  }

  protected override async forward<T>(call: StoreCall, work: () => Promise<T>): Promise<T> {
    try {
      const result = await work();
      const bytesDown = result instanceof Uint8Array ? result.byteLength : 0;
      this.#add(call.operation, { requests: 1, errors: 0, bytesUp: call.bytesUp ?? 0, bytesDown });
      return result;
    } catch (error) {
      this.#add(call.operation, { requests: 1, errors: 1, bytesUp: call.bytesUp ?? 0, bytesDown: 0 });
      throw error;
    }
  }

  override list(prefix: string, options: RequestOptions = {}): AsyncIterable<ListedObject> {
    this.#add('list', { ...NOTHING, requests: 1 });
    return super.list(prefix, options);
  }

  #add(operation: keyof RequestTotals, more: RequestCounts): void {
    const counts = minus(this.#totals[operation], minus(NOTHING, more));
    this.#totals = { ...this.#totals, [operation]: counts };
  }
}

function minus(one: RequestCounts, other: RequestCounts): RequestCounts {
  return {
    requests: one.requests - other.requests,
    errors: one.errors - other.errors,
    bytesUp: one.bytesUp - other.bytesUp,
    bytesDown: one.bytesDown - other.bytesDown,
  };
}

/** The sum over all operations. */
export function totalRequests(totals: RequestTotals): number {
  return OPERATIONS.reduce((sum, operation) => sum + totals[operation].requests, 0);
}
