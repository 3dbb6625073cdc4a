/** A whole server in the process of a test: real catalog, identities, keys and engine; its limits can be turned. */

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DEFAULT_PLAN_QUOTAS, DEFAULT_QUOTAS, ensureDefaultVault } from '@holdfast/control';
import { Worker } from '@holdfast/jobs';
import { bootstrapAccount, FIRST_ACCOUNT } from '@holdfast/neighbours';
import { createRequestListener } from '@holdfast/wire';
import { systemIdentifiers } from '../adapters/identifiers.ts';
import { isTemporary } from '../adapters/is-temporary.ts';
import { buildControl, type Control } from '../compose/control-ports.ts';
import { buildCopies, jobExecutors } from '../compose/copies.ts';
import { layFoundation } from '../compose/foundation.ts';
import { buildIdentity } from '../compose/identity.ts';
import { buildServices } from '../compose/services.ts';
import { loadConfiguration } from '../configuration/load-configuration.ts';

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

export interface InProcessQuotas {
  readonly service: Writable<typeof DEFAULT_QUOTAS>;
  readonly plans: Writable<typeof DEFAULT_PLAN_QUOTAS>;
  legalHolds: number;
}

/** What SDK clients are configured with. */
export interface InProcessClientConfig {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
  readonly maxAttempts: number;
}

export interface InProcessServer extends AsyncDisposable {
  /** For the administrator of account 123456789012. */
  readonly config: InProcessClientConfig;
  /** Stores and ports behind the API, to bring about states that no request makes. */
  readonly control: Control;
  readonly quotas: InProcessQuotas;
  /** Runs jobs from now on, with connectors and the engine. */
  startWorker(): void;
  /** Takes the catalog of the handlers away; with `everything` that of the front door too. */
  loseCatalog(what: 'handlers' | 'everything'): Promise<void>;
}

/** @param directory an empty directory for all that the server keeps */
export async function inProcessServer(directory: string): Promise<InProcessServer> {
  const loaded = loadConfiguration({ data: directory, port: '0' }, {});
  const configuration = { ...loaded, log: { level: 'error', format: 'json' } } as const;
  // Identities and handlers have a connection each, as in two processes, so that one can be lost without the other.
  const door = await layFoundation(configuration, 'server');
  const inside = await layFoundation(configuration, 'server');
  const identity = buildIdentity(door);
  const quotas: InProcessQuotas = {
    service: { ...DEFAULT_QUOTAS },
    plans: { ...DEFAULT_PLAN_QUOTAS },
    legalHolds: 50,
  };
  let worker: Worker | undefined;
  const control = withQuotas(
    buildControl(inside, buildIdentity(inside), () => worker?.wake()),
    quotas,
  );
  const { accessKey } = await bootstrapAccount(identity, { ...FIRST_ACCOUNT, now: door.clock.now() });
  if (accessKey === undefined) throw new Error(`${directory} holds an installation already`);
  await ensureDefaultVault(control.ports, { accountId: FIRST_ACCOUNT.accountId, region: 'us-east-1' });
  const facts = { startedAt: door.clock.now(), workers: async () => [] };
  const { services, authorize, bulk } = buildServices(inside, identity, control, facts);
  const listener = createRequestListener({
    services,
    credentials: identity.credentials,
    authorize,
    clock: door.clock,
    ids: { requestId: systemIdentifiers.uuid },
    isTemporary,
    log: { info: () => {}, error: (message, fields) => door.log.debug(fields, message) },
  });
  const http = createServer(listener);
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  return {
    config: {
      endpoint: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
      region: 'us-east-1',
      credentials: accessKey,
      maxAttempts: 1,
    },
    control,
    quotas,
    startWorker() {
      worker = new Worker({
        workerId: inside.processId,
        queue: control.queue,
        clock: inside.clock,
        executors: jobExecutors(control, buildCopies(inside, identity, control)),
        concurrency: 2,
        pollMs: 50,
        onError: (error) => inside.log.error({ err: error }, 'the worker met an error'),
      });
      worker.start();
    },
    async loseCatalog(what) {
      await (what === 'handlers' ? inside : door).catalog.close();
    },
    async [Symbol.asyncDispose]() {
      bulk.stop();
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
      await worker?.stop(10_000);
      await control.background.settle(10_000);
      await control.repositories.close();
      await Promise.all([door.catalog.close(), inside.catalog.close()]);
    },
  };
}

function withQuotas(control: Control, quotas: InProcessQuotas): Control {
  const ports = { ...control.ports, quotas: quotas.service };
  return {
    ...control,
    ports,
    plans: { ...control.plans, quotas: quotas.service, planQuotas: quotas.plans },
    legalHolds: {
      ...control.legalHolds,
      get legalHoldsPerAccount() {
        return quotas.legalHolds;
      },
    },
  };
}
