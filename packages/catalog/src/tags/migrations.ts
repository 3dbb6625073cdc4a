import type { ConceptMigrations } from '../database/migration.ts';

export const TAG_MIGRATIONS: ConceptMigrations = {
  concept: 'tags',
  migrations: [
    {
      number: 1,
      name: 'create-tags',
      statements: [
        `create table tags (
          account_id text not null,
          resource_arn text not null,
          key text not null,
          value text not null,
          primary key (account_id, resource_arn, key))`,
      ],
    },
  ],
};
