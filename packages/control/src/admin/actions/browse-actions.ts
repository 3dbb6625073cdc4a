/** Looking into recovery points: one directory at a time, and one file as a stream. */
import { EngineError, isStoreError, type RecoveryPointReader } from '@holdfast/engine';
import { invalidParameter, invalidRequest, resourceNotFound } from '../../errors.ts';
import { listPage } from '../../pagination/next-token.ts';
import type { ControlPorts } from '../../ports.ts';
import type { Scope } from '../../scope.ts';
import type { AdminHandler } from '../admin-service.ts';
import { presentItem } from '../present.ts';
import { tarArchive } from '../tar-archive.ts';

interface ItemAddress {
  readonly Path?: string | undefined;
  readonly PathBase64?: string | undefined;
}

/** ListRecoveryPointItems: the item that a path names, and, when it is a directory, one page of what it contains. */
export function listRecoveryPointItems(ports: ControlPorts): AdminHandler<'ListRecoveryPointItems'> {
  return async (input, context) => {
    await using reader = await openReader(ports, context, input.RecoveryPointArn);
    const path = pathOf(input);
    const item = await reader.item(path);
    if (item === undefined && path.length > 0) throw noSuchItem(input.RecoveryPointArn, path);
    if (item !== undefined && item.type !== 'directory') return { Item: presentItem(item), Items: [] };
    const { items, NextToken } = await listPage(input, context, async ({ limit, afterKey }) => {
      const page = await reader.list(path, afterKey, limit);
      return { items: page.items, ...(page.cursor === undefined ? {} : { nextKey: page.cursor }) };
    });
    return { Item: item === undefined ? undefined : presentItem(item), Items: items.map(presentItem), NextToken };
  };
}

/** GetRecoveryPointItem: the content of one file, verified as it is read; a hard link leads to the file that it names. */
export function getRecoveryPointItem(ports: ControlPorts): AdminHandler<'GetRecoveryPointItem'> {
  return async (input, context) => {
    const reader = await openReader(ports, context, input.RecoveryPointArn);
    try {
      const path = pathOf(input);
      const item = await reader.item(path);
      if (item === undefined) throw noSuchItem(input.RecoveryPointArn, path);
      if (item.type !== 'file' && item.type !== 'object') {
        throw invalidRequest(`"${Buffer.from(path).toString()}" is a ${item.type} and has no content.`);
      }
      const content = await reader.item(item.hardLinkTo ?? path);
      const presented = presentItem(item);
      return {
        SizeInBytes: content?.sizeBytes ?? item.sizeBytes,
        ModificationDate: presented.ModificationDate,
        Content: await begun(reader, reader.read(item.hardLinkTo ?? path)),
      };
    } catch (error) {
      await reader.close();
      throw error;
    }
  };
}

/** GetRecoveryPointArchive: a folder (or a file) with all that it contains as a tar archive. */
export function getRecoveryPointArchive(ports: ControlPorts): AdminHandler<'GetRecoveryPointArchive'> {
  return async (input, context) => {
    const reader = await openReader(ports, context, input.RecoveryPointArn);
    try {
      const path = pathOf(input);
      if (path.length > 0 && (await reader.item(path)) === undefined) throw noSuchItem(input.RecoveryPointArn, path);
      const source = {
        items: () => reader.items(path),
        item: (item: Uint8Array) => reader.item(item),
        read: (item: Uint8Array) => reader.read(item),
      };
      return { Content: await begun(reader, tarArchive(source, path)) };
    } catch (error) {
      await reader.close();
      throw error;
    }
  };
}

/** Reads the first bytes before the answer begins, so that content which cannot be read is an error and no torn file. */
async function begun(
  reader: RecoveryPointReader,
  bytes: AsyncIterable<Uint8Array>,
): Promise<AsyncIterable<Uint8Array>> {
  const iterator = bytes[Symbol.asyncIterator]();
  const first = await iterator.next().catch((error: unknown) => {
    if (isStoreError(error, 'cold'))
      throw invalidRequest('The content is in cold storage; restore the recovery point.');
    throw error;
  });
  return rest(reader, iterator, first);
}

async function* rest(
  reader: RecoveryPointReader,
  iterator: AsyncIterator<Uint8Array>,
  first: IteratorResult<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    for (let next = first; next.done !== true; next = await iterator.next()) yield next.value;
  } finally {
    await iterator.return?.();
    await reader.close();
  }
}

/** @throws ServiceError when the recovery point or its content is not there */
export async function openReader(ports: ControlPorts, scope: Scope, arn: string): Promise<RecoveryPointReader> {
  const point = await ports.stores.recoveryPoints.getByArn(scope.accountId, arn);
  if (point === undefined || point.region !== scope.region || point.status === 'DELETING') {
    throw resourceNotFound(
      `There is no recovery point ${arn} in account ${scope.accountId} and region ${scope.region}.`,
      arn,
    );
  }
  const repository = await ports.repositories.open(point);
  try {
    return await repository.openRecoveryPoint(point.engineId);
  } catch (error) {
    if (error instanceof EngineError && error.code === 'not-found') {
      throw resourceNotFound(`The content of recovery point ${arn} is not in its vault (any more).`, arn);
    }
    throw error;
  }
}

/** Leading and trailing slashes do not count. */
export function pathOf(input: ItemAddress): Uint8Array {
  if (input.PathBase64 !== undefined) {
    if (!/^[A-Za-z0-9+/]*={0,2}$/.test(input.PathBase64)) throw invalidParameter('pathBase64 is not base64.');
    return Buffer.from(input.PathBase64, 'base64');
  }
  return Buffer.from((input.Path ?? '').replace(/^\/+|\/+$/g, ''), 'utf8');
}

export function noSuchItem(arn: string, path: Uint8Array): Error {
  return resourceNotFound(`Recovery point ${arn} holds nothing at "${Buffer.from(path).toString()}".`);
}
