import { type ContinuousSettings, DEFAULT_CONTINUOUS_SETTINGS } from '@holdfast/control';
import type { LoadedConfiguration } from '../configuration/load-configuration.ts';

/** How the workers keep continuous backups going, as configured. */
export function continuousSettings({ continuous }: LoadedConfiguration): ContinuousSettings {
  return {
    ...DEFAULT_CONTINUOUS_SETTINGS,
    lagMs: continuous.lagSeconds * 1000,
    refreshMs: continuous.refreshMinutes * 60_000,
  };
}
