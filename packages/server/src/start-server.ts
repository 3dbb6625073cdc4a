/** The server process: API, schedules and periodic work; jobs run in the worker processes that it watches. */
import { workersAtWork } from '@holdfast/catalog';
import { createAuthorize } from '@holdfast/neighbours';
import { createClientErrorListener, createRequestListener } from '@holdfast/wire';
import { systemIdentifiers } from './adapters/identifiers.ts';
import { backupResources } from './compose/backup-resources.ts';
import { withConsole } from './compose/console.ts';
import { buildControl, type Control } from './compose/control-ports.ts';
import { buildCopies } from './compose/copies.ts';
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
  const foundation = await layFoundation(configuration, 'server');
  const identity = buildIdentity(foundation);
  let supervisor: Supervisor | undefined;
  const control = buildControl(foundation, identity, () => supervisor?.wake());
  const http = await openDoor(foundation, identity, control);
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
  const loops = startLoops(foundation, identity, control);
  return {
    url: http.url,
    data: configuration.data,
    async stop(graceMs) {
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
async function openDoor(foundation: Foundation, identity: Identity, control: Control): Promise<HttpServer> {
  const { configuration, clock, log, catalog } = foundation;
  const ids = { requestId: systemIdentifiers.uuid };
  const api = createRequestListener({
    services: buildServices(control, identity, buildCopies(foundation, identity, control), {
      startedAt: clock.now(),
      workers: () => workersAtWork(catalog),
    }),
    credentials: identity.credentials,
    authorize: createAuthorize({
      authorizer: identity.authorizer,
      store: identity.store,
      backup: backupResources(control.ports.stores),
    }),
    clock,
    ids,
    log: {
      info: (message, fields) => log.info(fields, message),
      error: (message, fields) => log.error(fields, message),
    },
  });
  return listen({
    host: configuration.host,
    port: configuration.port,
    listener: await withConsole(foundation, identity, api),
    clientErrorListener: createClientErrorListener(ids),
  });
}
