/** The server process: API, schedules and periodic work; jobs run in the worker processes that it watches. */
import { workersAtWork } from '@holdfast/catalog';
import type { Clock } from '@holdfast/jobs';
import { createClientErrorListener, createRequestListener } from '@holdfast/wire';
import { createAuditLog } from './adapters/audit-log.ts';
import { systemIdentifiers } from './adapters/identifiers.ts';
import { isTemporary } from './adapters/is-temporary.ts';
import type { BulkOperations } from './compose/bulk-operations.ts';
import { withConsole } from './compose/console.ts';
import { buildControl, type Control } from './compose/control-ports.ts';
import { type Foundation, layFoundation } from './compose/foundation.ts';
import { buildIdentity, type Identity } from './compose/identity.ts';
import { buildServices } from './compose/services.ts';
import type { LoadedConfiguration } from './configuration/load-configuration.ts';
import { declareSources } from './declare-sources.ts';
import { prepareFirstStart, writeProfile } from './first-start.ts';
import { type HttpServer, listen } from './http-server.ts';
import { startLoops } from './server-loops.ts';
import { type Supervisor, superviseWorkers } from './supervise-workers.ts';

export interface ServerOptions {
  /** Program and arguments that run one worker process. */
  readonly workerCommand: readonly string[];
  /** For tests that live through months; no configuration leads here. */
  readonly clock?: Clock;
}

export interface RunningServer {
  /** `http://host:port` */
  readonly url: string;
  readonly data: string;
  /** Stops listening, hands back running work, closes everything within `graceMs`. */
  stop(graceMs: number): Promise<void>;
}

/** @throws StartupError */
export async function startServer(configuration: LoadedConfiguration, options: ServerOptions): Promise<RunningServer> {
  const foundation = await layFoundation(configuration, 'server', options.clock);
  const identity = buildIdentity(foundation);
  let supervisor: Supervisor | undefined;
  const control = buildControl(foundation, identity, () => supervisor?.wake());
  const { http, bulk } = await openDoor(foundation, identity, control);
  try {
    await prepareFirstStart(foundation, identity, control.ports);
    writeProfile(foundation, http.url);
    await declareSources(control.ports, configuration);
  } catch (error) {
    await http.close(0);
    throw error;
  }
  http.open();
  const { log } = foundation;
  supervisor = superviseWorkers({ processes: configuration.workers.processes, command: options.workerCommand, log });
  const loops = startLoops(foundation, identity, control, bulk);
  return {
    url: http.url,
    data: configuration.data,
    async stop(graceMs) {
      bulk.stop();
      await Promise.all([http.close(Math.min(graceMs, 3000)), supervisor.stop(graceMs), loops.stop()]);
      if (!(await control.background.settle(1000))) log.warn('background work is continued by the next start');
      await control.repositories.close();
      await foundation.catalog.close();
    },
  };
}

/**
 * The port is taken first, so that a second server on it gives up before it touches anything; requests wait until the
 * first start has been prepared.
 */
async function openDoor(
  foundation: Foundation,
  identity: Identity,
  control: Control,
): Promise<{ readonly http: HttpServer; readonly bulk: BulkOperations }> {
  const { configuration, clock, log, catalog } = foundation;
  const ids = { requestId: systemIdentifiers.uuid };
  const audit = createAuditLog(log);
  const facts = { startedAt: clock.now(), workers: () => workersAtWork(catalog) };
  const { services, authorize, bulk } = buildServices(foundation, identity, control, facts, audit);
  const api = createRequestListener({
    services,
    credentials: identity.credentials,
    authorize,
    audit,
    clock,
    ids,
    isTemporary,
    log: {
      info: (message, fields) => log.info(fields, message),
      error: (message, fields) => log.error(fields, message),
    },
  });
  const http = await listen({
    host: configuration.host,
    port: configuration.port,
    listener: await withConsole(foundation, identity, api),
    clientErrorListener: createClientErrorListener(ids),
  });
  return { http, bulk };
}
