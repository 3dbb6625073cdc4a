/**
 * What a bucket is asked, over HTTP, by a first backup, an unchanged one and a restore of the same tree. The server is a
 * small one in this process that counts; that real servers understand the same requests is what the tests are for.
 *
 *   node store-requests.ts <directory>
 */
import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createRepository, type ItemEntry, KeyFileProvider, openStore, SqliteAuthority } from '@holdfast/engine';
import { SeededRandom } from '../../datasets/random.ts';
import { report } from '../../report.ts';

const FILES = 200;
const FILE_BYTES = 1 << 20;
const [directory = ''] = process.argv.slice(2);
const objects = new Map<string, Buffer>();
const counts = new Map<string, number>();

function count(name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  const body = await bodyOf(request);
  const method = request.method ?? '';
  count(searchParams.has('list-type') ? 'LIST' : method);
  if (method === 'PUT') {
    if (request.headers['if-none-match'] === '*' && objects.has(pathname)) {
      response.writeHead(412).end('<Error><Code>PreconditionFailed</Code></Error>');
      return;
    }
    objects.set(pathname, body);
    if (pathname.includes('/packs/')) count('PUT of packs');
    response.writeHead(200, { etag: `"${createHash('md5').update(body).digest('hex')}"` }).end();
    return;
  }
  const object = objects.get(pathname);
  if (method === 'DELETE') {
    objects.delete(pathname);
    response.writeHead(204).end();
  } else if (object === undefined) {
    response.writeHead(404).end(method === 'HEAD' ? '' : '<Error><Code>NoSuchKey</Code></Error>');
  } else {
    const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
    const part = from === undefined ? object : object.subarray(Number(from), to ? Number(to) + 1 : undefined);
    const range =
      from === undefined ? {} : { 'content-range': `bytes ${from}-${Number(from) + part.length - 1}/${object.length}` };
    response.writeHead(from === undefined ? 200 : 206, {
      'content-length': part.length,
      'last-modified': new Date(0).toUTCString(),
      ...range,
    });
    response.end(method === 'HEAD' ? undefined : part);
  }
}

async function* entries(source: string): AsyncGenerator<ItemEntry> {
  for (let index = 0; index < FILES; index += 1) {
    const name = `file-${String(index).padStart(4, '0')}`;
    yield {
      item: {
        path: Buffer.from(name),
        type: 'file',
        sizeBytes: FILE_BYTES,
        metadata: {},
        fingerprint: Buffer.from(name),
        content: { kind: 'local-file', path: Buffer.from(join(source, name)) },
      },
    };
  }
}

const source = join(directory, 'requests-source');
const target = join(directory, 'requests-target');
for (const path of [source, target]) mkdirSync(path, { recursive: true });
const random = new SeededRandom(4);
const content = Buffer.allocUnsafe(FILE_BYTES);
for await (const entry of entries(source)) {
  random.fill(content);
  if ('item' in entry) writeFileSync(join(source, Buffer.from(entry.item.path).toString()), content);
}
const server = createServer((request, response) => {
  answer(request, response).catch((error) => response.destroy(error));
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const { port } = server.address() as AddressInfo;
const store = await openStore(
  {
    kind: 's3',
    bucket: 'bench',
    region: 'us-east-1',
    endpoint: `http://127.0.0.1:${port}`,
    credentials: { accessKeyId: 'bench', secretAccessKey: 'bench-bench' },
    capabilities: { conditionalPut: true, checksums: false, versioned: false, objectLock: false, legalHold: false },
  },
  { now: Date.now, newName: randomUUID },
);
const keyProvider = await KeyFileProvider.open(join(directory, 'requests-key'));
const authority = new SqliteAuthority({ path: ':memory:' });
const repository = await createRepository({ store, keyProvider, authority });

/** Requests by name during `work`. */
async function during(work: () => Promise<unknown>): Promise<ReadonlyMap<string, number>> {
  counts.clear();
  await work();
  return new Map(counts);
}

function totalOf(requests: ReadonlyMap<string, number>): number {
  return ['PUT', 'GET', 'HEAD', 'DELETE', 'LIST'].reduce((sum, name) => sum + (requests.get(name) ?? 0), 0);
}

const request = { retention: {}, facts: {} };
const first = await during(() =>
  repository.backupItems({ ...request, recoveryPointId: 'first', entries: entries(source) }),
);
const packs = [...objects.keys()].filter((key) => key.includes('/packs/')).length;
const unchanged = await during(() =>
  repository.backupItems({ ...request, recoveryPointId: 'second', parentId: 'first', entries: entries(source) }),
);
const restore = await during(async () => {
  await using reader = await repository.openRecoveryPoint('second');
  async function* files() {
    for await (const item of reader.items()) {
      yield { item: item.path, file: Buffer.from(join(target, Buffer.from(item.path).toString())) };
    }
  }
  const done = (_: unknown, { issue }: { readonly issue?: { readonly message: string } }) => {
    if (issue !== undefined) throw new Error(issue.message);
  };
  await reader.writeFiles(files(), { signal: new AbortController().signal, overExisting: false, done });
});
await repository.close();
await store[Symbol.asyncDispose]();
authority.close();
server.close();
for (const path of [source, target, join(directory, 'requests-key')]) rmSync(path, { recursive: true, force: true });

const mib = (FILES * FILE_BYTES) / 2 ** 20;
const scenario = `Bucket, ${FILES} files of 1 MiB`;
report(directory, 'requests', [
  { scenario, name: 'PUT per pack, first backup', value: (first.get('PUT of packs') ?? 0) / packs, unit: '', goal: 1 },
  { scenario, name: 'requests, first backup', value: totalOf(first), unit: '' },
  { scenario, name: 'requests, unchanged', value: totalOf(unchanged), unit: '', goal: 20 },
  {
    scenario,
    name: 'LIST, all steps',
    value: [first, unchanged, restore].reduce((sum, each) => sum + (each.get('LIST') ?? 0), 0),
    unit: '',
    goal: 0,
  },
  { scenario, name: 'GET per 8 MiB, full restore', value: (restore.get('GET') ?? 0) / (mib / 8), unit: '', goal: 1 },
]);
