/** The listening socket: one port for the API of all services, health and the console. */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { StartupError } from './startup-error.ts';

export interface HttpServerOptions {
  readonly host: string;
  readonly port: number;
  readonly listener: RequestListener;
  /** Answers what is not HTTP at all. */
  readonly clientErrorListener: (error: NodeJS.ErrnoException, socket: Duplex) => void;
}

export interface HttpServer {
  /** `http://host:port` as clients on this machine reach it. */
  readonly url: string;
  /** Requests that came before this are answered now, in order; later ones at once. */
  open(): void;
  /** Stops accepting, lets requests under way finish for `graceMs`, then cuts what is left. */
  close(graceMs: number): Promise<void>;
}

/**
 * Takes the port; requests wait until `open` is called.
 * @throws StartupError when the port is taken or may not be used
 */
export async function listen(options: HttpServerOptions): Promise<HttpServer> {
  const door = new Door(options.listener);
  const server = createServer(
    { headersTimeout: 20_000, requestTimeout: 120_000, keepAliveTimeout: 65_000, maxHeaderSize: 64 * 1024 },
    (request, response) => door.serve(request, response),
  );
  server.on('clientError', options.clientErrorListener);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(explain(error, options)));
    server.listen(options.port, options.host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${hostForUrl(options.host)}:${port}`,
    open: () => door.open(),
    close: (graceMs) => close(server, graceMs),
  };
}

/** Holds early requests back; few, since a start takes a second. */
class Door {
  readonly #listener: RequestListener;
  #waiting: Parameters<RequestListener>[] | undefined = [];

  constructor(listener: RequestListener) {
    this.#listener = listener;
  }

  serve(...exchange: Parameters<RequestListener>): void {
    if (this.#waiting === undefined) this.#listener(...exchange);
    else this.#waiting.push(exchange);
  }

  open(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const exchange of waiting) this.#listener(...exchange);
  }
}

function hostForUrl(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}

function explain(error: NodeJS.ErrnoException, options: HttpServerOptions): StartupError {
  const where = `${options.host}:${options.port}`;
  if (error.code === 'EADDRINUSE') {
    return new StartupError(`port ${options.port} on ${options.host} is in use; choose another with --port`, {
      cause: error,
    });
  }
  if (error.code === 'EACCES') {
    return new StartupError(`${where} may not be used by this user; choose a port above 1023 with --port`, {
      cause: error,
    });
  }
  return new StartupError(`cannot listen on ${where}: ${error.message}`, { cause: error });
}

function close(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), graceMs);
    server.close(() => {
      clearTimeout(cut);
      resolve();
    });
    server.closeIdleConnections();
  });
}
