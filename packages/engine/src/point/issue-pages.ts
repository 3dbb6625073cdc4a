import { ByteReader } from '../codec/byte-reader.ts';
import { ByteWriter } from '../codec/byte-writer.ts';
import type { ChunkRef } from '../content/chunk-ref.ts';
import type { ItemIssue } from '../content/item-record.ts';
import { CHUNK_KINDS } from '../crypt/chunk-id.ts';
import type { NodeSealer } from '../tree/tree-builder.ts';

const PAGE_BYTES = 65_536;

/** Collects issues into pages, so that a million of them need no memory. */
export class IssuePages {
  readonly #sealNode: NodeSealer;
  readonly #page = new ByteWriter(4096);
  readonly #pages: Promise<ChunkRef>[] = [];

  constructor(sealNode: NodeSealer) {
    this.#sealNode = sealNode;
  }

  add(issue: ItemIssue): void {
    this.#page
      .bytes(issue.path)
      .text(issue.code)
      .text(issue.message)
      .u8(issue.dataMissing ? 1 : 0);
    if (this.#page.length >= PAGE_BYTES) this.#endPage();
  }

  #endPage(): void {
    const sealed = this.#sealNode(CHUNK_KINDS.issues, this.#page.take());
    sealed.catch(() => undefined);
    this.#pages.push(sealed);
    this.#page.clear();
  }

  async finish(): Promise<readonly ChunkRef[]> {
    if (this.#page.length > 0) this.#endPage();
    return Promise.all(this.#pages);
  }
}

export function decodeIssuePage(bytes: Buffer): readonly ItemIssue[] {
  const reader = new ByteReader(bytes);
  const issues: ItemIssue[] = [];
  while (reader.remaining > 0) {
    const path = Uint8Array.from(reader.bytes());
    issues.push({ path, code: reader.text(), message: reader.text(), dataMissing: reader.u8() === 1 });
  }
  return issues;
}
