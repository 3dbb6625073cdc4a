import { mkdir } from 'node:fs/promises';
import { identityOf, type UserIdentity } from '../child-process/identity-of.ts';
import { runChild } from '../child-process/run-child.ts';
import type { ConnectorContext } from '../sdk/v1/connector.ts';
import { ConnectorError } from '../sdk/v1/connector-error.ts';

export interface RestorePlaceOptions {
  readonly settings: {
    readonly restorePath?: string | undefined;
    readonly runAs: string;
    readonly binariesDirectory?: string | undefined;
  };
  readonly context: ConnectorContext;
}

/** Where new instances are made and whom they run as. */
export interface RestorePlace {
  readonly directory: string;
  /** Undefined: as this process, which is no root. */
  readonly identity: UserIdentity | undefined;
}

/**
 * Makes the place for restores, and proves that the user of the instances can reach it.
 * @throws ConnectorError `denied` with the cure
 */
export async function restorePlace({ settings, context }: RestorePlaceOptions): Promise<RestorePlace> {
  const directory = settings.restorePath ?? context.restoreDirectory;
  try {
    // 0711: the user of the instances passes through, and nobody looks around.
    await mkdir(directory, { recursive: true, mode: 0o711 });
  } catch (error) {
    throw new ConnectorError(
      'denied',
      `Cannot make ${directory}: ${error instanceof Error ? error.message : String(error)}.`,
      {
        hint: "Make it writable, or name another place with the setting 'restorePath'.",
        cause: error,
      },
    );
  }
  if (process.getuid?.() !== 0) return { directory, identity: undefined };
  const identity = await identityOf(settings.runAs);
  const { code } = await runChild('sh', ['-c', 'cd -- "$0"', directory], { identity });
  if (code === 0) return { directory, identity };
  throw new ConnectorError('denied', `The user ${settings.runAs} cannot enter ${directory}.`, {
    hint: "Name a place that it can enter with the setting 'restorePath', for example a directory below its home.",
  });
}
