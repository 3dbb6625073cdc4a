/** A real HTTP server on a free loopback port for tests. */
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ServiceImplementation } from '../handling/handler.ts';
import type { AuditRecord, Credential } from '../handling/ports.ts';
import { createClientErrorListener } from '../http/client-error.ts';
import type { ListenerOptions } from '../http/listener-options.ts';
import { createRequestListener } from '../http/request-listener.ts';

export interface TestWireOptions extends Partial<Omit<ListenerOptions, 'services' | 'credentials' | 'log' | 'audit'>> {
  /** Credentials by access key; the administrator's is always there. */
  readonly credentials?: Readonly<Record<string, Credential>>;
  /** Answers instead of the wire's own listener, which it gets. */
  readonly wrap?: (listener: RequestListener) => RequestListener;
}

export interface TestWire extends AsyncDisposable {
  readonly endpoint: string;
  /** To be spread into an SDK client's configuration. */
  readonly clientConfig: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
    readonly maxAttempts: number;
  };
  /** Everything that was audited, in order. */
  readonly audited: readonly AuditRecord[];
  /** Everything that was logged as an error. */
  readonly logged: readonly { readonly message: string; readonly fields: Readonly<Record<string, unknown>> }[];
}

export const TEST_ACCESS_KEY_ID = 'AKIAHOLDFASTTEST0001';
export const TEST_SECRET = 'a-secret-for-tests-with/slash+and-plus';

const ADMINISTRATOR: Credential = {
  secretAccessKey: TEST_SECRET,
  principal: {
    type: 'IAMUser',
    arn: 'arn:aws:iam::123456789012:user/administrator',
    accountId: '123456789012',
    userId: 'AIDAHOLDFASTTEST00001',
  },
};

/** Starts a wire for the given services; dispose of it to stop. */
export async function testWire(
  services: readonly ServiceImplementation[],
  { credentials = {}, wrap = (listener) => listener, ...options }: TestWireOptions = {},
): Promise<TestWire> {
  const audited: AuditRecord[] = [];
  const logged: { message: string; fields: Readonly<Record<string, unknown>> }[] = [];
  const known: Readonly<Record<string, Credential>> = { ...credentials, [TEST_ACCESS_KEY_ID]: ADMINISTRATOR };
  const listener = createRequestListener({
    authorize: () => undefined,
    clock: { now: () => Date.now() },
    ids: { requestId: () => crypto.randomUUID() },
    ...options,
    services,
    credentials: { lookup: (accessKeyId) => (Object.hasOwn(known, accessKeyId) ? known[accessKeyId] : undefined) },
    log: { info: () => undefined, error: (message, fields) => void logged.push({ message, fields }) },
    audit: (record) => void audited.push(record),
  });
  const server = createServer(wrap(listener));
  server.on('clientError', createClientErrorListener({ requestId: () => crypto.randomUUID() }));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    endpoint,
    clientConfig: {
      endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: TEST_ACCESS_KEY_ID, secretAccessKey: TEST_SECRET },
      maxAttempts: 1,
    },
    audited,
    logged,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
