import type { Scope } from '../scope.ts';

/** What UpdateRegionSettings changed; types not named here have the installation's defaults. */
export interface RegionSettingsRecord {
  readonly optIn: Readonly<Record<string, boolean>>;
  readonly management: Readonly<Record<string, boolean>>;
}

export interface GlobalSettingsRecord {
  readonly settings: Readonly<Record<string, string>>;
  readonly updatedAt: number;
}

export interface SettingsStore {
  getRegionSettings(scope: Scope): Promise<RegionSettingsRecord | undefined>;
  /** Merges the given maps into what is stored, in one transaction. */
  mergeRegionSettings(scope: Scope, change: RegionSettingsRecord): Promise<void>;
  getGlobalSettings(accountId: string): Promise<GlobalSettingsRecord | undefined>;
  mergeGlobalSettings(accountId: string, change: GlobalSettingsRecord): Promise<void>;
}
