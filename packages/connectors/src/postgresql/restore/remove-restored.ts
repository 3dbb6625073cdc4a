import type { RestoredInstanceRegister } from '../../restored-instances/restored-instance-register.ts';
import { ConnectorError } from '../../sdk/v1/connector-error.ts';
import type { Instance } from '../instances.ts';
import { type InstanceProcess, ownerOf, removeInstance } from './run-instance.ts';

/** What a removal will take away, decided before anything is touched. */
export interface RemovalPlan extends InstanceProcess {
  readonly identifier: string;
}

/** @throws ConnectorError `denied` for what no restore created */
async function planRemoval({ identifier, restored }: Instance): Promise<RemovalPlan> {
  if (restored === undefined) {
    throw new ConnectorError('denied', `${identifier} was not created by a restore, so Holdfast does not remove it.`);
  }
  const { directory, binariesDirectory } = restored;
  return { identifier, directory, binariesDirectory, identity: await ownerOf(directory) };
}

/** Stops a restored instance and removes its directory, its log and its tablespaces. */
export async function removeRestored(
  register: RestoredInstanceRegister,
  instance: Instance,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  const plan = await planRemoval(instance);
  await removeInstance(plan);
  await register.remove(plan.identifier);
}
