import { after, before } from 'node:test';
import { testAuthority } from '@holdfast/engine/testing';
import type { Catalog } from '../database/catalog.ts';
import { openCatalog } from '../database/open-catalog.ts';
import { forEachDatabase } from '../testing.ts';
import { CatalogAuthority } from './catalog-authority.ts';
import { emptyAuthorityTables } from './testing.ts';

forEachDatabase((name, open) => {
  let catalog: Catalog;
  before(async () => {
    catalog = await openCatalog(await open.location({ after }), { now: () => 0 });
  });
  after(() => catalog.close());

  testAuthority(`The catalog's authority (${name})`, async () => {
    await emptyAuthorityTables(catalog);
    let now = Date.UTC(2026, 2, 1);
    return {
      authority: new CatalogAuthority(catalog, () => now),
      now: () => now,
      advance: (ms: number) => {
        now += ms;
      },
      close: async () => {},
    };
  });
});
