import type { Scope } from '../scope.ts';
import type { GlobalSettingsRecord, RegionSettingsRecord, SettingsStore } from '../settings/settings-store.ts';

export class MemorySettingsStore implements SettingsStore {
  readonly #regions = new Map<string, RegionSettingsRecord>();
  readonly #globals = new Map<string, GlobalSettingsRecord>();

  async getRegionSettings(scope: Scope): Promise<RegionSettingsRecord | undefined> {
    return this.#regions.get(`${scope.accountId} ${scope.region}`);
  }

  async mergeRegionSettings(scope: Scope, change: RegionSettingsRecord): Promise<void> {
    const stored = await this.getRegionSettings(scope);
    this.#regions.set(`${scope.accountId} ${scope.region}`, {
      optIn: { ...stored?.optIn, ...change.optIn },
      management: { ...stored?.management, ...change.management },
    });
  }

  async getGlobalSettings(accountId: string): Promise<GlobalSettingsRecord | undefined> {
    return this.#globals.get(accountId);
  }

  async mergeGlobalSettings(accountId: string, change: GlobalSettingsRecord): Promise<void> {
    const stored = this.#globals.get(accountId);
    this.#globals.set(accountId, { ...change, settings: { ...stored?.settings, ...change.settings } });
  }
}
