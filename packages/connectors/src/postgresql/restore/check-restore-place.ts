import { type RestorePlaceOptions, restorePlace } from '../../restored-instances/restore-place.ts';
import type { CheckFinding } from '../../sdk/v1/connector.ts';
import { reasonOf } from '../errors.ts';
import { findBinaries } from './find-binaries.ts';

/** Whether restores have a place and the programs of the version. */
export async function checkRestorePlace(options: RestorePlaceOptions, majorVersion: number): Promise<CheckFinding> {
  const { settings, context } = options;
  const what = `restores can run new instances in ${settings.restorePath ?? context.restoreDirectory}`;
  try {
    await restorePlace(options);
    await findBinaries(majorVersion, settings.binariesDirectory);
    return { what, ok: true };
  } catch (error) {
    return { what, ok: false, advisory: true, hint: reasonOf(error) };
  }
}
