import type { PayloadWorkers } from '@holdfast/engine';
import { Changes } from './changes.ts';
import { checkEngine } from './check-engine.ts';
import { checkSecondReader } from './check-second-reader.ts';
import type { GoldenVault } from './golden-vault.ts';
import type { Tally } from './tally.ts';
import { type Damage, damaged } from './vault-damage.ts';

/** Both readers against one damaged copy of a golden vault. @throws AssertionError when either of them fails its promise */
export async function checkDamage(
  golden: GoldenVault,
  blows: readonly Damage[],
  workers: PayloadWorkers,
  tallies: { readonly engine: Tally; readonly second: Tally },
): Promise<void> {
  const objects = damaged(golden.objects, blows);
  await checkSecondReader(golden, objects, tallies.second);
  await checkEngine(golden, objects, new Changes(golden.objects, objects), workers, tallies.engine);
}
