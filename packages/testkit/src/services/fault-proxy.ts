import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** What happens to a request instead of being passed on; `held`: nothing, for as long as its sender waits. */
export type Fault = 'slow-down' | 'broken-connection' | 'held';

interface CleansUp {
  after(fn: () => void | Promise<void>): void;
}

/** Stands before a store, counts what passes and lets some of it fail. The Host header passes untouched, so signatures hold. */
export class FaultProxy {
  /** `METHOD /path?query` of every request, in order. */
  readonly seen: string[] = [];
  /** Decides for each request; tests replace it. */
  fault: (request: string) => Fault | undefined = () => undefined;
  /** Requests that were held so far. */
  held = 0;
  /** Requests that are in flight now. */
  atOnce = 0;
  readonly #holding = new Set<Socket>();
  readonly #target: URL;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #server = createServer((incoming, outgoing) => this.#pass(incoming, outgoing));

  private constructor(target: string) {
    this.#target = new URL(target);
  }

  static async start(t: CleansUp, target: string): Promise<FaultProxy> {
    const proxy = new FaultProxy(target);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    t.after(() => proxy.stop());
    return proxy;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Breaks the connections of what is held, and passes everything on from now on. */
  stopHolding(): void {
    this.fault = () => undefined;
    for (const socket of this.#holding) socket.destroy();
    this.#holding.clear();
  }

  /** From now on nobody answers. */
  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
    this.#agent.destroy();
  }

  #pass(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const line = `${incoming.method} ${incoming.url}`;
    this.seen.push(line);
    this.atOnce += 1;
    outgoing.once('close', () => {
      this.atOnce -= 1;
    });
    const fault = this.fault(line);
    if (fault === 'broken-connection') {
      incoming.socket.destroy();
      return;
    }
    if (fault === 'slow-down') {
      incoming.resume();
      outgoing.writeHead(503, { 'content-type': 'application/xml' });
      outgoing.end('<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>');
      return;
    }
    if (fault === 'held') {
      this.held += 1;
      incoming.resume();
      this.#holding.add(incoming.socket);
      return;
    }
    const { hostname, port } = this.#target;
    const { method, url: path, headers } = incoming;
    const passed = request({ hostname, port, method, path, headers, agent: this.#agent }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    passed.once('error', () => outgoing.destroy());
    incoming.pipe(passed);
  }
}
