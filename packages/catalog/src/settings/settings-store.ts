import type { GlobalSettingsRecord, RegionSettingsRecord, Scope, SettingsStore } from '@holdfast/control';
import type { Catalog } from '../database/catalog.ts';
import { fromJson, toJson } from '../database/columns.ts';

/** What was set with UpdateRegionSettings and UpdateGlobalSettings. */
export class CatalogSettingsStore implements SettingsStore {
  readonly #catalog: Catalog;

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
  }

  async getRegionSettings(scope: Scope): Promise<RegionSettingsRecord | undefined> {
    const row = await this.#catalog.db
      .selectFrom('region_settings')
      .selectAll()
      .where('account_id', '=', scope.accountId)
      .where('region', '=', scope.region)
      .executeTakeFirst();
    if (row === undefined) return undefined;
    return {
      optIn: fromJson<Record<string, boolean>>(row.opt_in),
      management: fromJson<Record<string, boolean>>(row.management),
    };
  }

  async mergeRegionSettings(scope: Scope, change: RegionSettingsRecord): Promise<void> {
    await this.#catalog.transaction(async () => {
      const stored = await this.getRegionSettings(scope);
      const merged = {
        opt_in: toJson({ ...stored?.optIn, ...change.optIn }),
        management: toJson({ ...stored?.management, ...change.management }),
      };
      await this.#catalog.db
        .insertInto('region_settings')
        .values({ account_id: scope.accountId, region: scope.region, ...merged })
        .onConflict((conflict) => conflict.columns(['account_id', 'region']).doUpdateSet(merged))
        .execute();
    });
  }

  async getGlobalSettings(accountId: string): Promise<GlobalSettingsRecord | undefined> {
    const row = await this.#catalog.db
      .selectFrom('global_settings')
      .selectAll()
      .where('account_id', '=', accountId)
      .executeTakeFirst();
    if (row === undefined) return undefined;
    return { settings: fromJson<Record<string, string>>(row.settings), updatedAt: row.updated_at };
  }

  async mergeGlobalSettings(accountId: string, change: GlobalSettingsRecord): Promise<void> {
    await this.#catalog.transaction(async () => {
      const stored = await this.getGlobalSettings(accountId);
      const merged = {
        settings: toJson({ ...stored?.settings, ...change.settings }),
        updated_at: change.updatedAt,
      };
      await this.#catalog.db
        .insertInto('global_settings')
        .values({ account_id: accountId, ...merged })
        .onConflict((conflict) => conflict.column('account_id').doUpdateSet(merged))
        .execute();
    });
  }
}
