import { join } from 'node:path';
import { ConnectorError } from '../sdk/v1/connector-error.ts';
import { freePort, isPortTaken } from './free-port.ts';
import { pathExists } from './path-exists.ts';
import type { RestoredInstanceRegister } from './restored-instance-register.ts';

export interface WantedInstance {
  readonly identifier: string;
  /** The identifier of the source's own instance, which no restore may take. */
  readonly sourceIdentifier: string;
  readonly jobId: string;
  /** Where restores make new instances. */
  readonly root: string;
  readonly port: number | undefined;
}

/**
 * Where a new instance will be, decided before anything is made.
 * @throws ConnectorError `invalid-request` or `conflict` for a name, a directory or a port that is taken (RST-109)
 */
export async function placeInstance(
  register: RestoredInstanceRegister,
  { identifier, sourceIdentifier, jobId, root, port }: WantedInstance,
): Promise<{ readonly directory: string; readonly port: number }> {
  if (identifier === sourceIdentifier) {
    throw new ConnectorError('invalid-request', `'${identifier}' is the name of the source itself.`, {
      hint: 'A restore makes a new instance: choose another identifier.',
    });
  }
  await register.assertFree(identifier, jobId);
  const directory = join(root, identifier);
  if (await pathExists(directory)) {
    throw new ConnectorError('conflict', `${directory} exists already, and no restore of this source made it.`, {
      hint: 'Choose another identifier, or remove it.',
    });
  }
  return { directory, port: await portFor(port) };
}

async function portFor(wanted: number | undefined): Promise<number> {
  if (wanted === undefined) return freePort();
  if (!(await isPortTaken(wanted))) return wanted;
  throw new ConnectorError('invalid-request', `Restore metadata Port: ${wanted} is in use on this machine.`, {
    hint: 'Leave it out, and a free one is chosen.',
  });
}
