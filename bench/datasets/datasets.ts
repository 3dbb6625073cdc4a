/**
 * The data that engines are measured on: made once per machine below one directory, the same bytes everywhere.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SeededRandom } from './random.ts';
import { TextMaker } from './text.ts';

const MIB = 1 << 20;

export interface Dataset {
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
  readonly files: number;
}

/** Makes the dataset unless a finished one is there. */
function make(root: string, name: string, fill: (directory: string) => { bytes: number; files: number }): Dataset {
  const path = join(root, name);
  const marker = join(root, `${name}.json`);
  if (!existsSync(marker)) {
    rmSync(path, { recursive: true, force: true });
    mkdirSync(path, { recursive: true });
    writeFileSync(marker, JSON.stringify(fill(path)));
  }
  const facts = JSON.parse(readFileSync(marker, 'utf8')) as { bytes: number; files: number };
  return { name, path, ...facts };
}

/** About `mib` MiB: half random bytes in big files, half text and source in files of 4 KiB to 8 MiB. */
export function mixed(root: string, mib: number): Dataset {
  return make(root, `mixed-${mib}`, (directory) => {
    const random = new SeededRandom(1);
    const text = new TextMaker(random);
    let bytes = 0;
    let files = 0;
    const write = (folder: string, size: number, fill: (buffer: Buffer) => void): void => {
      mkdirSync(join(directory, folder), { recursive: true });
      const buffer = Buffer.allocUnsafe(size);
      fill(buffer);
      writeFileSync(join(directory, folder, `file-${files}`), buffer);
      bytes += size;
      files += 1;
    };
    while (bytes < (mib / 2) * MIB)
      write(`media/${files % 8}`, MIB + random.below(63 * MIB), (buffer) => random.fill(buffer));
    while (bytes < mib * MIB) {
      const size = 4096 << random.below(12);
      write(`documents/${files % 50}`, size - random.below(4096), (buffer) => text.fill(buffer));
    }
    return { bytes, files };
  });
}

/** `files` files of 200 bytes to 30 KB of text in directories of about 40, like checked-out source trees. */
export function smallFiles(root: string, files: number): Dataset {
  return make(root, `small-${files}`, (directory) => {
    const random = new SeededRandom(2);
    const text = new TextMaker(random);
    let bytes = 0;
    for (let index = 0; index < files; index += 1) {
      const folder = join(directory, `tree-${Math.floor(index / 4000)}`, `module-${Math.floor(index / 40) % 100}`);
      if (index % 40 === 0) mkdirSync(folder, { recursive: true });
      const share = random.next() / 0x1_0000_0000;
      const buffer = Buffer.allocUnsafe(200 + Math.floor(share * share * 30_000));
      text.fill(buffer);
      writeFileSync(join(folder, `file-${index}.ts`), buffer);
      bytes += buffer.length;
    }
    return { bytes, files };
  });
}
