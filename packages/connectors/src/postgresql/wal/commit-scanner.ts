const PAGE_BYTES = 8192;
const SHORT_PAGE_HEADER = 24;
const LONG_PAGE_HEADER = 40;
const FLAG_CONTINUES = 0x01;
const FLAG_LONG = 0x02;
const RECORD_HEADER = 24;
const ALIGNMENT = 8;
/** How much of a record is looked at: its header, the headers of its parts, and the time of a commit. */
const LOOKED_AT = 64;
const RESOURCE_XLOG = 0;
const RESOURCE_XACT = 1;
const XACT_OPERATION = 0x70;
const COMMITS = new Set([0x00, 0x30]);
const SWITCH = 0x40;
const DATA_SHORT = 255;
const DATA_LONG = 254;
const ORIGIN = 253;
const TOP_TRANSACTION = 252;
/** 2000-01-01 in ms; PostgreSQL counts microseconds from there. */
const EPOCH_MS = 946_684_800_000;

/**
 * Reads the times of commits out of write-ahead log as it streams by. Begins at the start of any page, and follows
 * records over pages; whatever is no commit is passed over without a look inside.
 */
export class CommitScanner {
  readonly #segmentBytes: number;
  #lsn: bigint;
  /** Bytes of the header of the current page that have not come yet are collected here. */
  #pageHeader: number[] = [];
  #record: { head: number[]; totalBytes: number; takenBytes: number } | undefined;
  /** Bytes to pass over: the rest of a record, alignment, or padding. */
  #skip = 0;
  #isSynchronised = false;
  /** Zeros up to the end of the segment, after a switch of segments. */
  #isPadding = false;
  /** The time of the last commit seen, in ms, rounded up. */
  lastCommitAt: number | undefined;

  /** @param lsn the start of a page */
  constructor(lsn: bigint, segmentBytes: number) {
    this.#lsn = lsn;
    this.#segmentBytes = segmentBytes;
  }

  push(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) at += this.#take(bytes, at);
  }

  /** Takes at least one byte. @returns how many */
  #take(bytes: Uint8Array, at: number): number {
    const offset = Number(this.#lsn % BigInt(PAGE_BYTES));
    const inPage = Math.min(PAGE_BYTES - offset, bytes.length - at);
    const header = this.#headerBytes();
    if (offset < header) {
      const count = Math.min(header - offset, inPage);
      for (let index = 0; index < count; index += 1) this.#pageHeader.push(bytes[at + index] ?? 0);
      this.#advance(count);
      if (offset + count === header) this.#beginPage();
      return count;
    }
    const count = this.#isPadding ? inPage : this.#takeRecord(bytes, at, inPage);
    this.#advance(count);
    return count;
  }

  #advance(count: number): void {
    this.#lsn += BigInt(count);
    if (this.#lsn % BigInt(this.#segmentBytes) === 0n) this.#isPadding = false;
  }

  /** The first page of a segment has a longer header; what is left of one page is never that. */
  #headerBytes(): number {
    const pageStart = this.#lsn - (this.#lsn % BigInt(PAGE_BYTES));
    return pageStart % BigInt(this.#segmentBytes) === 0n ? LONG_PAGE_HEADER : SHORT_PAGE_HEADER;
  }

  #beginPage(): void {
    const header = Buffer.from(this.#pageHeader);
    this.#pageHeader = [];
    const flags = header.readUInt16LE(2);
    const continues = (flags & FLAG_CONTINUES) !== 0;
    if (this.#isPadding || (flags & FLAG_LONG) !== (header.length === LONG_PAGE_HEADER ? FLAG_LONG : 0)) return;
    if (!this.#isSynchronised) {
      const rest = continues ? header.readUInt32LE(16) : 0;
      this.#record = undefined;
      this.#skip = aligned(rest);
      this.#isSynchronised = true;
    } else if (!continues) {
      // A record that was begun and never finished (the server crashed) is given up here.
      this.#record = undefined;
      this.#skip = 0;
    }
  }

  #takeRecord(bytes: Uint8Array, at: number, limit: number): number {
    if (!this.#isSynchronised) return limit;
    if (this.#skip > 0) {
      const count = Math.min(this.#skip, limit);
      this.#skip -= count;
      return count;
    }
    const record = this.#record ?? { head: [], totalBytes: 0, takenBytes: 0 };
    this.#record = record;
    const wanted = record.totalBytes === 0 ? 4 : Math.min(record.totalBytes, LOOKED_AT);
    const count = Math.min(wanted - record.takenBytes, limit);
    for (let index = 0; index < count; index += 1) record.head.push(bytes[at + index] ?? 0);
    record.takenBytes += count;
    if (record.takenBytes === 4 && record.totalBytes === 0) this.#readLength(record);
    else if (record.takenBytes === wanted) this.#endRecord(record);
    return count;
  }

  #readLength(record: { head: number[]; totalBytes: number }): void {
    record.totalBytes = Buffer.from(record.head).readUInt32LE(0);
    if (record.totalBytes >= RECORD_HEADER) return;
    // Zeros: the log was written no further than here, and goes on at the next page.
    this.#record = undefined;
    this.#isSynchronised = false;
  }

  #endRecord(record: { head: number[]; totalBytes: number; takenBytes: number }): void {
    const head = Buffer.from(record.head);
    this.#record = undefined;
    this.#skip = aligned(record.totalBytes) - record.takenBytes;
    const info = head[16] ?? 0;
    const resource = head[17];
    if (resource === RESOURCE_XACT && COMMITS.has(info & XACT_OPERATION)) this.#noteCommit(head);
    if (resource === RESOURCE_XLOG && (info & 0xf0) === SWITCH) {
      this.#skip = 0;
      this.#isPadding = true;
    }
  }

  #noteCommit(head: Buffer): void {
    let at = RECORD_HEADER;
    for (;;) {
      const id = head[at];
      if (id === DATA_SHORT) at += 2;
      else if (id === DATA_LONG) at += 5;
      else if (id === ORIGIN) {
        at += 3;
        continue;
      } else if (id === TOP_TRANSACTION) {
        at += 5;
        continue;
      } else return;
      break;
    }
    if (at + 8 > head.length) return;
    const committedAt = Math.ceil(Number(head.readBigInt64LE(at)) / 1000) + EPOCH_MS;
    this.lastCommitAt = Math.max(this.lastCommitAt ?? 0, committedAt);
  }
}

function aligned(count: number): number {
  return Math.ceil(count / ALIGNMENT) * ALIGNMENT;
}
