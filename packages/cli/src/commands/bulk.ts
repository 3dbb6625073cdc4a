/** `holdfast bulk`: one request for many recovery points or jobs; the server carries it out. */
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { adminCall, adminPages } from '../admin-client.ts';
import type { BulkItem, BulkOperation } from '../admin-types.ts';
import { CommandError } from '../command-error.ts';
import { type Connection, type ConnectionFlags, findConnection } from '../connection.ts';
import { parseKeyValues } from '../key-values.ts';
import { printJson, printLine, printTable } from '../output.ts';

interface StartFlags {
  readonly vault?: string;
  readonly to?: string;
  readonly role?: string;
  readonly deleteAfterDays?: string;
  readonly coldAfterDays?: string;
  readonly tag?: readonly string[];
  readonly tagKey?: readonly string[];
  readonly from?: string;
  readonly wait?: boolean;
  readonly json?: boolean;
}

const ROOT = 'bulk-operations';
const POLL_MS = 500;

/** `holdfast bulk start <action> [target...]`: targets also one per line from a file, or from standard input. */
export async function startBulk(
  globals: ConnectionFlags,
  action: string,
  targets: readonly string[],
  flags: StartFlags,
): Promise<void> {
  const connection = await findConnection(globals);
  const body = {
    Action: action,
    Targets: [...targets, ...linesOf(flags.from)],
    BackupVaultName: flags.vault,
    DestinationBackupVaultArn: flags.to,
    IamRoleArn: flags.role,
    Lifecycle: lifecycleOf(flags),
    ...(flags.tag === undefined ? {} : { Tags: parseKeyValues(flags.tag, '--tag') }),
    TagKeys: flags.tagKey,
  };
  if (body.Targets.length === 0) throw new CommandError('name at least one recovery point or job, or use --from');
  const { Operation } = await adminCall<{ Operation: BulkOperation }>(connection, {
    method: 'POST',
    path: [ROOT],
    body,
  });
  const operation = flags.wait === true ? await ended(connection, Operation) : Operation;
  if (operation.FailedCount > 0) process.exitCode = 1;
  if (flags.json) printJson(present(operation));
  else printLine(`${operation.OperationId}: ${describe(operation)}`);
}

export async function listBulk(globals: ConnectionFlags, flags: { readonly json?: boolean }): Promise<void> {
  const connection = await findConnection(globals);
  const request = { method: 'GET', path: [ROOT], query: { maxResults: '50' } } as const;
  const { Operations } = await adminCall<{ Operations: BulkOperation[] }>(connection, request);
  if (flags.json) {
    printJson(Operations.map(present));
    return;
  }
  printTable(
    ['ID', 'ACTION', 'STATE', 'ITEMS', 'FAILED', 'CREATED'],
    Operations.map((operation) => [
      operation.OperationId,
      operation.Action,
      operation.State,
      String(operation.ItemCount),
      String(operation.FailedCount),
      dateOf(operation.CreationDate),
    ]),
    'no bulk operations',
  );
}

/** `holdfast bulk show <id>`: how far it is, and what came of each item. */
export async function showBulk(
  globals: ConnectionFlags,
  id: string,
  flags: { readonly state?: string; readonly json?: boolean },
): Promise<void> {
  const connection = await findConnection(globals);
  const { Operation } = await adminCall<{ Operation: BulkOperation }>(connection, { method: 'GET', path: [ROOT, id] });
  const items: BulkItem[] = [];
  const request = { method: 'GET', path: [ROOT, id, 'items'], query: { state: flags.state } } as const;
  for await (const item of adminPages<BulkItem>(connection, request, 'Items')) items.push(item);
  if (flags.json) {
    const shown = items.map(({ Target, State, Message, CopyJobId }) => ({
      target: Target,
      state: State,
      ...(Message === undefined ? {} : { message: Message }),
      ...(CopyJobId === undefined ? {} : { copyJobId: CopyJobId }),
    }));
    printJson({ ...present(Operation), items: shown });
    return;
  }
  printLine(`${Operation.Action}: ${describe(Operation)}`);
  printTable(
    ['STATE', 'TARGET', 'MESSAGE'],
    items.map(({ State, Target, Message, CopyJobId }) => [State, Target, Message ?? CopyJobId ?? '']),
    'no such items',
  );
}

export async function stopBulk(globals: ConnectionFlags, id: string): Promise<void> {
  const connection = await findConnection(globals);
  await adminCall(connection, { method: 'POST', path: [ROOT, id, 'stop'], body: {} });
  printLine('the item under way is finished, the rest is skipped');
}

async function ended(connection: Connection, operation: BulkOperation): Promise<BulkOperation> {
  let current = operation;
  while (current.State === 'RUNNING' || current.State === 'STOPPING') {
    await pause(POLL_MS);
    const request = { method: 'GET', path: [ROOT, operation.OperationId] } as const;
    current = (await adminCall<{ Operation: BulkOperation }>(connection, request)).Operation;
  }
  return current;
}

function linesOf(file: string | undefined): readonly string[] {
  if (file === undefined) return [];
  const text = readFileSync(file === '-' ? 0 : file, 'utf8');
  return text.split(/\s+/).filter((line) => line !== '');
}

function lifecycleOf({ deleteAfterDays, coldAfterDays }: StartFlags): object | undefined {
  if (deleteAfterDays === undefined && coldAfterDays === undefined) return undefined;
  return {
    ...(deleteAfterDays === undefined ? {} : { DeleteAfterDays: Number(deleteAfterDays) }),
    ...(coldAfterDays === undefined ? {} : { MoveToColdStorageAfterDays: Number(coldAfterDays) }),
  };
}

function describe({ State, ItemCount, SucceededCount, FailedCount }: BulkOperation): string {
  return `${State}, ${SucceededCount} of ${ItemCount} done, ${FailedCount} failed`;
}

function present(operation: BulkOperation) {
  return {
    id: operation.OperationId,
    action: operation.Action,
    state: operation.State,
    items: operation.ItemCount,
    succeeded: operation.SucceededCount,
    failed: operation.FailedCount,
    createdAt: dateOf(operation.CreationDate),
  };
}

function dateOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
