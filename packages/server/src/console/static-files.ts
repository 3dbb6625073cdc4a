/** Files of the built console, compressed once and kept in memory; there are few of them and they are small. */
import { readFile, stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
};
const COMPRESSIBLE = new Set(['.html', '.js', '.css', '.json', '.svg']);
/** Vite writes a hash of the content into these names: the same name never means another content. */
const IMMUTABLE = 'public, max-age=31536000, immutable';
const REVALIDATE = 'no-cache';

const toBrotli = promisify<Buffer, object, Buffer>(brotliCompress);
const toGzip = promisify<Buffer, Buffer>(gzip);

interface KeptFile {
  readonly modifiedAt: number;
  readonly bodies: Map<string, Promise<Buffer>>;
}

export class StaticFiles {
  readonly #directory: string;
  readonly #kept = new Map<string, KeptFile>();

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Sends `/index.html` or a file of `/assets/`; false when there is no such file. */
  async send(request: IncomingMessage, response: ServerResponse, path: string): Promise<boolean> {
    if (!/^\/(index\.html|favicon\.svg|assets\/[\w.-]+)$/.test(path) || path.includes('..')) return false;
    const file = join(this.#directory, path);
    const modifiedAt = await modificationOf(file);
    if (modifiedAt === undefined) return false;
    const encoding = encodingFor(request, extname(path));
    const body = await this.#body(file, modifiedAt, encoding);
    response.statusCode = 200;
    response.setHeader('content-type', CONTENT_TYPES[extname(path)] ?? 'application/octet-stream');
    response.setHeader('cache-control', path.startsWith('/assets/') ? IMMUTABLE : REVALIDATE);
    response.setHeader('vary', 'accept-encoding');
    if (encoding !== 'identity') response.setHeader('content-encoding', encoding);
    response.setHeader('content-length', body.length);
    response.end(request.method === 'HEAD' ? undefined : body);
    return true;
  }

  #body(file: string, modifiedAt: number, encoding: string): Promise<Buffer> {
    let kept = this.#kept.get(file);
    if (kept?.modifiedAt !== modifiedAt) {
      kept = { modifiedAt, bodies: new Map() };
      this.#kept.set(file, kept);
    }
    const found = kept.bodies.get(encoding) ?? compress(file, encoding);
    kept.bodies.set(encoding, found);
    return found;
  }
}

async function modificationOf(file: string): Promise<number | undefined> {
  try {
    const status = await stat(file);
    return status.isFile() ? status.mtimeMs : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function encodingFor(request: IncomingMessage, extension: string): 'br' | 'gzip' | 'identity' {
  if (!COMPRESSIBLE.has(extension)) return 'identity';
  const accepted = String(request.headers['accept-encoding'] ?? '');
  if (/\bbr\b/.test(accepted)) return 'br';
  return /\bgzip\b/.test(accepted) ? 'gzip' : 'identity';
}

async function compress(file: string, encoding: string): Promise<Buffer> {
  const bytes = await readFile(file);
  if (encoding === 'br') return await toBrotli(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 6 } });
  return encoding === 'gzip' ? await toGzip(bytes) : bytes;
}
