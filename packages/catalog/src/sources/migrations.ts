import type { ConceptMigrations } from '../database/migration.ts';

export const SOURCE_MIGRATIONS: ConceptMigrations = {
  concept: 'sources',
  migrations: [
    {
      number: 1,
      name: 'create-sources',
      statements: [
        `create table sources (
          account_id text not null,
          region text not null,
          name text not null,
          kind text not null,
          settings text not null,
          tags text not null,
          origin text not null,
          created_at bigint not null,
          status text not null,
          status_message text,
          last_discovered_at bigint,
          primary key (account_id, region, name))`,
      ],
    },
  ],
};
