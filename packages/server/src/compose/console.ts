/** The web console in front of the API, and the build of its pages when they are missing or older than their sources. */
import type { RequestListener } from 'node:http';
import { resolveSecret } from '../adapters/secret-references.ts';
import {
  buildConsoleIfStale,
  consolePackageDirectory,
  createConsoleRequestListener,
  openIdConnect,
} from '../console/index.ts';
import { VERSION } from '../version.ts';
import type { Foundation } from './foundation.ts';
import type { Identity } from './identity.ts';

/** @param api the listener of the API, which gets everything that is not the console's */
export async function withConsole(
  foundation: Foundation,
  identity: Identity,
  api: RequestListener,
): Promise<RequestListener> {
  const { configuration, clock, log } = foundation;
  const build = buildConsoleIfStale(consolePackageDirectory(), log);
  const { store, sessions, box, random } = identity;
  const federation = await federationOf(foundation);
  return createConsoleRequestListener(
    {
      identity: store,
      sessions,
      box,
      random,
      clock,
      log,
      defaultAccountId: configuration.account,
      defaultRegion: configuration.region,
      regions: [...new Set([configuration.region, ...Object.keys(configuration.regions)])],
      version: VERSION,
      distDirectory: build.distDirectory,
      buildState: build.state,
      ...(federation === undefined ? {} : { federation }),
    },
    api,
  );
}

async function federationOf({ configuration }: Foundation) {
  const { openId, account } = configuration;
  if (openId === undefined) return undefined;
  const { clientSecret: reference, account: accountId = account, ...settings } = openId;
  const clientSecret = reference === undefined ? undefined : await resolveSecret(reference);
  return openIdConnect({ ...settings, accountId, clientSecret });
}
