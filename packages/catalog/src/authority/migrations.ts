import type { ConceptMigrations } from '../database/migration.ts';

/** Tables of the engine's authority. Counters in `engine_packs` change only together with `engine_pack_uses`. */
export const AUTHORITY_MIGRATIONS: ConceptMigrations = {
  concept: 'authority',
  migrations: [
    {
      number: 1,
      name: 'create-authority',
      statements: [
        'create table engine_fences (vault text primary key, last bigint not null)',
        `create table engine_write_leases (
          lease text primary key, vault text not null, point text not null, fence bigint not null,
          holder text not null, expires_at bigint not null)`,
        'create index engine_write_leases_of_vault on engine_write_leases (vault, fence)',
        `create table engine_read_leases (
          lease text primary key, vault text not null, point text not null, holder text not null,
          expires_at bigint not null)`,
        'create index engine_read_leases_of_point on engine_read_leases (vault, point)',
        `create table engine_packs (
          vault text not null, pack text not null, kind text not null, size bigint not null, cohort_until bigint,
          root text not null, crc bigint not null, refs bigint not null, used bigint not null, state text not null,
          lease text, withdrawn_at bigint, primary key (vault, pack))`,
        'create index engine_packs_unreferenced on engine_packs (vault, pack) where refs = 0',
        `create index engine_packs_withdrawn on engine_packs (vault, withdrawn_at, pack) where state = 'withdrawn'`,
        `create table engine_pins (
          vault text not null, pack text not null, lease text not null, primary key (vault, pack, lease))`,
        'create index engine_pins_of_lease on engine_pins (lease)',
        `create table engine_points (
          vault text not null, point text not null, parent text, fence bigint not null, created_at bigint not null,
          retention text not null, logical_bytes bigint not null, items bigint not null, primary key (vault, point))`,
        `create table engine_holds (
          vault text not null, point text not null, hold text not null, primary key (vault, point, hold))`,
        `create table engine_pack_uses (
          vault text not null, point text not null, pack text not null, used bigint not null,
          primary key (vault, point, pack))`,
        'create index engine_pack_uses_of_pack on engine_pack_uses (vault, pack, point)',
        'create table engine_segments (vault text not null, segment text not null, primary key (vault, segment))',
        `create table engine_retired_segments (
          vault text not null, segment text not null, retired_at bigint not null, primary key (vault, segment))`,
        'create table engine_freezes (vault text primary key, reason text not null)',
        `create table engine_pack_locks (
          vault text not null, pack text not null, mode text not null, until bigint not null,
          primary key (vault, pack))`,
        `create table engine_pack_checks (
          vault text not null, pack text not null, layer text not null, checked_at bigint not null, damage text,
          primary key (vault, pack, layer))`,
        'create table engine_cold_packs (vault text not null, pack text not null, primary key (vault, pack))',
        `create table engine_closed_packs (
          vault text not null, pack text not null, lease text not null, primary key (vault, pack))`,
        'create index engine_closed_packs_of_lease on engine_closed_packs (lease)',
        `create table engine_moved_packs (
          vault text not null, pack text not null, successor text not null, moved bigint not null,
          primary key (vault, pack, successor))`,
        'create index engine_moved_packs_to on engine_moved_packs (vault, successor)',
        'create table engine_cold_points (vault text not null, point text not null, primary key (vault, point))',
      ],
    },
    {
      number: 2,
      name: 'claim-cold-packs-and-measure-shared-ones',
      statements: [
        'alter table engine_cold_packs add column moved integer not null default 1',
        `create table engine_measured_packs (
          vault text not null, pack text not null, live bigint not null, refs bigint not null, used bigint not null,
          primary key (vault, pack))`,
      ],
    },
  ],
};
