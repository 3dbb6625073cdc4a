import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CommitScanner } from './commit-scanner.ts';

const SEGMENT = 1024 * 1024;
const PAGE = 8192;
const EPOCH_MS = Date.UTC(2000, 0, 1);

/** Builds log as a server writes it: records, aligned to 8 bytes, cut by the headers of pages. */
class LogWriter {
  readonly #bytes: number[] = [];
  #rest = 0;

  #write(bytes: Uint8Array): void {
    this.#rest = bytes.length;
    for (const byte of bytes) {
      if (this.#bytes.length % PAGE === 0) this.#pageHeader();
      this.#bytes.push(byte);
      this.#rest -= 1;
    }
  }

  #pageHeader(): void {
    const isLong = this.#bytes.length % SEGMENT === 0;
    const header = Buffer.alloc(isLong ? 40 : 24);
    const continues = this.#isWithin ? 1 : 0;
    header.writeUInt16LE((isLong ? 2 : 0) | continues, 2);
    header.writeUInt32LE(this.#isWithin ? this.#rest : 0, 16);
    this.#bytes.push(...header);
  }

  #isWithin = false;

  record(resource: number, info: number, body: Uint8Array): this {
    const record = Buffer.alloc(24 + body.length);
    record.writeUInt32LE(record.length, 0);
    record[16] = info;
    record[17] = resource;
    record.set(body, 24);
    const first = record.subarray(0, 1);
    this.#isWithin = false;
    this.#write(first);
    this.#isWithin = true;
    this.#write(record.subarray(1));
    this.#isWithin = false;
    while (this.#bytes.length % 8 !== 0) this.#bytes.push(0);
    return this;
  }

  commit(at: number, prefix: readonly number[] = []): this {
    const body = Buffer.alloc(prefix.length + 2 + 8);
    body.set(prefix);
    body.set([255, 8], prefix.length);
    body.writeBigInt64LE(BigInt(at - EPOCH_MS) * 1000n, prefix.length + 2);
    return this.record(1, 0x80, body);
  }

  /** Ends the segment as pg_switch_wal does. */
  switchSegment(): this {
    this.record(0, 0x40, new Uint8Array(0));
    while (this.#bytes.length % SEGMENT !== 0) {
      if (this.#bytes.length % PAGE === 0) this.#pageHeader();
      else this.#bytes.push(0);
    }
    return this;
  }

  bytes(): Buffer {
    return Buffer.from(this.#bytes);
  }
}

function scan(bytes: Buffer, partBytes: number): number | undefined {
  const scanner = new CommitScanner(0n, SEGMENT);
  for (let at = 0; at < bytes.length; at += partBytes) scanner.push(bytes.subarray(at, at + partBytes));
  return scanner.lastCommitAt;
}

const AT = Date.UTC(2026, 0, 2, 3, 4, 5, 678);

describe('The times of commits', () => {
  for (const partBytes of [1, 13, 8192, 1_000_000]) {
    it(`are found among other records, over pages, in parts of ${partBytes} bytes`, () => {
      const log = new LogWriter().commit(AT);
      for (let index = 0; index < 40; index += 1) log.record(10, 0, Buffer.alloc(997, index));
      assert.equal(scan(log.bytes(), partBytes), AT);
      assert.equal(scan(log.commit(AT + 5).bytes(), partBytes), AT + 5);
      assert.equal(
        scan(
          log
            .record(10, 0, Buffer.alloc(30_000))
            .commit(AT + 9)
            .bytes(),
          partBytes,
        ),
        AT + 9,
      );
    });
  }

  it('are found behind a switch of segments, an origin and a top transaction, and never in aborts', () => {
    const log = new LogWriter()
      .commit(AT)
      .switchSegment()
      .commit(AT + 1, [253, 1, 0, 252, 9, 9, 9, 9]);
    assert.equal(scan(log.bytes(), 5000), AT + 1);
    const body = Buffer.alloc(10);
    body.set([255, 8]);
    body.writeBigInt64LE(BigInt(AT + 99 - EPOCH_MS) * 1000n, 2);
    assert.equal(scan(log.record(1, 0x20, body).bytes(), 5000), AT + 1);
  });

  it('are found from the middle of the log on, beginning with any page', () => {
    const log = new LogWriter().record(10, 0, Buffer.alloc(12_000)).commit(AT);
    const scanner = new CommitScanner(BigInt(PAGE), SEGMENT);
    scanner.push(log.bytes().subarray(PAGE));
    assert.equal(scanner.lastCommitAt, AT);
  });
});
