import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readTar } from './read-tar.ts';

const BLOCK = 512;

interface Member {
  readonly name: string;
  readonly type?: string;
  readonly content?: Buffer;
  readonly linkTarget?: string;
  /** Written in base 256 instead of octal digits. */
  readonly isBinarySize?: boolean;
}

function header({
  name,
  type = '0',
  content = Buffer.alloc(0),
  linkTarget = '',
  isBinarySize = false,
}: Member): Buffer {
  const block = Buffer.alloc(BLOCK);
  block.write(name, 0);
  block.write('0000640\0', 100);
  if (isBinarySize) {
    block[124] = 0x80;
    block.writeUInt32BE(content.length, 132);
  } else block.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124);
  block.write('14614205700\0', 136);
  block.write('        ', 148);
  block.write(type, 156);
  block.write(linkTarget, 157);
  block.write('ustar\x0000', 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

function archive(members: readonly Member[]): Buffer {
  return Buffer.concat(
    members.flatMap((member) => {
      const content = member.content ?? Buffer.alloc(0);
      return [header(member), content, Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK)];
    }),
  );
}

async function* inParts(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function contents(bytes: Buffer, partBytes: number): Promise<unknown[]> {
  const seen: unknown[] = [];
  for await (const { name, type, mode, sizeBytes, linkTarget, content } of readTar(inParts(bytes, partBytes))) {
    const parts: Buffer[] = [];
    for await (const part of content()) parts.push(Buffer.from(part));
    seen.push([name, type, mode, sizeBytes, linkTarget, Buffer.concat(parts).toString()]);
  }
  return seen;
}

const MEMBERS: readonly Member[] = [
  { name: 'base/', type: '5' },
  { name: 'base/1', content: Buffer.from('one') },
  { name: 'base/2', content: Buffer.alloc(1500, 'x'), isBinarySize: true },
  { name: 'link', type: '2', linkTarget: '/elsewhere' },
  { name: 'empty' },
];

describe('A tar stream', () => {
  for (const partBytes of [1, 7, 511, 512, 513, 100_000]) {
    it(`is read whole when it comes in parts of ${partBytes} bytes`, async () => {
      const bytes = Buffer.concat([archive(MEMBERS), Buffer.alloc(2 * BLOCK)]);
      assert.deepEqual(await contents(bytes, partBytes), [
        ['base', 'directory', 0o640, 0, '', ''],
        ['base/1', 'file', 0o640, 3, '', 'one'],
        ['base/2', 'file', 0o640, 1500, '', 'x'.repeat(1500)],
        ['link', 'symlink', 0o640, 0, '/elsewhere', ''],
        ['empty', 'file', 0o640, 0, '', ''],
      ]);
    });
  }

  it('passes over content that nobody takes, and needs no blocks of zeros at its end', async () => {
    const names: string[] = [];
    for await (const { name } of readTar(inParts(archive(MEMBERS), 100))) names.push(name);
    assert.deepEqual(names, ['base', 'base/1', 'base/2', 'link', 'empty']);
  });

  it('is refused when it is cut off or damaged', async () => {
    const bytes = archive(MEMBERS);
    await assert.rejects(contents(bytes.subarray(0, 3 * BLOCK + 700), 100), /ended within base\/2/);
    await assert.rejects(contents(bytes.subarray(0, BLOCK + 100), 100), /within a header/);
    const damaged = Buffer.from(bytes);
    damaged[3] = 0x21;
    await assert.rejects(contents(damaged, 100), /damaged/);
  });
});
