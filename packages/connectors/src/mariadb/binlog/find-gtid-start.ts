import { open } from 'node:fs/promises';
import type { LogPlace } from './base-position.ts';

const EVENT_HEADER_BYTES = 19;
const TYPE_OFFSET = 4;
const LENGTH_OFFSET = 9;
/** Begins each transaction: its number (8 bytes) and its domain (4 bytes) stand behind the header. */
const GTID_EVENT = 162;
const NEEDED_BYTES = EVENT_HEADER_BYTES + 12;
const BLOCK_BYTES = 1024 * 1024;

/** A local copy of a binary log file, whole from one offset, where an event begins, to another. */
export interface LogPart {
  readonly file: string;
  readonly path: string;
  readonly from: number;
  readonly to: number;
}

/**
 * The first transaction that a replica had not got yet.
 * @param gtid what it had got, as `gtid_slave_pos` says: one `domain-server-number` for each domain
 * @returns undefined when it had got all of them
 * @throws Error when it had got later ones of another domain: no single place leads on from there
 */
export async function findGtidStart(parts: readonly LogPart[], gtid: string): Promise<LogPlace | undefined> {
  const applied = numbersByDomain(gtid);
  let start: LogPlace | undefined;
  for (const part of parts) {
    for await (const { offset, domain, number } of transactionsOf(part)) {
      const isNew = number > (applied.get(domain) ?? 0n);
      if (isNew) start ??= { file: part.file, offset };
      else if (start !== undefined) {
        throw new Error(`the replica that was backed up had applied the domains of its log in another order (${gtid})`);
      }
    }
  }
  return start;
}

function numbersByDomain(gtid: string): ReadonlyMap<number, bigint> {
  const each = gtid.split(',').filter((text) => text.trim() !== '');
  return new Map(
    each.map((text) => {
      const [domain = '', , number = ''] = text.trim().split('-');
      return [Number(domain), BigInt(number)];
    }),
  );
}

async function* transactionsOf({ path, from, to }: LogPart) {
  await using file = await open(path, 'r');
  let block = Buffer.alloc(0);
  let blockFrom = from;
  const bytesAt = async (offset: number): Promise<Buffer> => {
    const isHeld = offset >= blockFrom && offset + NEEDED_BYTES <= blockFrom + block.length;
    if (!isHeld) {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(BLOCK_BYTES), 0, BLOCK_BYTES, offset);
      block = buffer.subarray(0, bytesRead);
      blockFrom = offset;
    }
    return block.subarray(offset - blockFrom);
  };
  for (let offset = from; offset + EVENT_HEADER_BYTES <= to; ) {
    const event = await bytesAt(offset);
    const length = event.readUInt32LE(LENGTH_OFFSET);
    if (length < EVENT_HEADER_BYTES) throw new Error(`the stored binary log is damaged at ${offset} of ${path}`);
    if (event.readUInt8(TYPE_OFFSET) === GTID_EVENT) {
      const number = event.readBigUInt64LE(EVENT_HEADER_BYTES);
      const domain = event.readUInt32LE(EVENT_HEADER_BYTES + 8);
      yield { offset, domain, number };
    }
    offset += length;
  }
}
