/** Carries bulk operations out, here and after a restart, one item after the other. */
import { type InProcessCaller, ServiceError } from '@holdfast/wire';
import type { ControlPorts } from '../ports.ts';
import { bulkItemCall, wasDoneBefore } from './bulk-item-call.ts';
import type { BulkCaller, BulkItemOutcome, BulkItemRecord, BulkOperationRecord } from './bulk-operation.ts';
import type { BulkOperationStore } from './bulk-operation-store.ts';

const LEASE_MS = 60_000;
/** Who asked may be somebody else's business by then; what is left after a day fails. */
const LONGEST_MS = 86_400_000;
/** Operations side by side in one process; further ones wait. */
const MOST_AT_ONCE = 4;

export interface BulkRunnerPorts extends Pick<ControlPorts, 'clock' | 'ids' | 'log'> {
  readonly operations: BulkOperationStore;
  /** Calls AWS Backup's API with the policies of the caller. */
  readonly call: InProcessCaller;
  /** Whether the user or role that asked is still there, with the same unique ID. */
  isCallerThere(caller: BulkCaller): Promise<boolean>;
  /** Unique among all processes that share the catalog. */
  readonly owner: string;
}

export class BulkRunner {
  readonly #ports: BulkRunnerPorts;
  #running = 0;

  constructor(ports: BulkRunnerPorts) {
    this.#ports = ports;
  }

  /** Works on operations that nobody works on, until there are none or the signal fires. */
  async run(signal: AbortSignal): Promise<void> {
    if (this.#running >= MOST_AT_ONCE) return;
    this.#running += 1;
    try {
      while (!signal.aborted) {
        const operation = await this.#ports.operations.claim(this.#lease(), this.#ports.clock.now());
        if (operation === undefined) return;
        await this.#work(operation, signal);
      }
    } finally {
      this.#running -= 1;
    }
  }

  #lease() {
    return { owner: this.#ports.owner, until: this.#ports.clock.now() + LEASE_MS };
  }

  async #work(operation: BulkOperationRecord, signal: AbortSignal): Promise<void> {
    const { operations, clock, owner } = this.#ports;
    const { operationId } = operation;
    while (!signal.aborted) {
      const begun = await operations.beginItem(operationId, this.#lease());
      if (begun === undefined) {
        await operations.end(operationId, owner, clock.now());
        return;
      }
      const outcome = await this.#outcomeOf(operation, begun.item, begun.isRepeated, signal);
      await operations.endItem(operationId, begun.item.sequence, outcome, clock.now());
    }
    await operations.release(operationId, owner);
  }

  async #outcomeOf(
    operation: BulkOperationRecord,
    item: BulkItemRecord,
    isRepeated: boolean,
    signal: AbortSignal,
  ): Promise<BulkItemOutcome> {
    const { action } = operation;
    try {
      const output = await this.#call(operation, item, signal);
      const copyJobId = 'CopyJobId' in output ? String(output.CopyJobId) : undefined;
      return { state: 'SUCCEEDED', ...(copyJobId === undefined ? {} : { resultId: copyJobId }) };
    } catch (error) {
      if (error instanceof ServiceError) {
        if (isRepeated && wasDoneBefore(action, error.code)) return { state: 'SUCCEEDED' };
        return { state: 'FAILED', errorCode: error.code, message: error.message };
      }
      const { log } = this.#ports;
      const { operationId } = operation;
      log('error', 'an item of a bulk operation failed', { operationId, target: item.target, reason: String(error) });
      const message = `The server could not do this; its log tells why under ${operationId}.`;
      return { state: 'FAILED', errorCode: 'InternalFailure', message };
    }
  }

  async #call(operation: BulkOperationRecord, item: BulkItemRecord, signal: AbortSignal): Promise<object> {
    const { clock, ids, call } = this.#ports;
    const { caller, accountId, region, createdAt } = operation;
    const now = clock.now();
    if (now - createdAt > LONGEST_MS) {
      throw new ServiceError('ExpiredTokenException', 'This was not done within a day of the request. Ask again.');
    }
    if (!(await this.#ports.isCallerThere(caller))) {
      throw new ServiceError(
        'AccessDeniedException',
        `${caller.principal.arn}, who asked for this, is no longer there.`,
      );
    }
    const { operation: name, input } = bulkItemCall(operation, item);
    return await call(name, input, { ...caller, accountId, region, requestId: ids.uuid(), now, signal });
  }
}
