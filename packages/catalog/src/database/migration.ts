/**
 * One step of a concept's schema, for SQLite and PostgreSQL alike.
 *
 * Column types to use: `text`, `bigint` (counts, bytes, ms since the epoch), `integer` (also 0/1 for yes and no),
 * `double precision`, `blob`. The runner turns them into PostgreSQL's words: text compares byte by byte there too, and
 * a blob is a bytea. A step that has been released is never edited: its checksum is in every catalog.
 */
export interface Migration {
  /** Position within the concept, from 1, without gaps. */
  readonly number: number;
  /** What the step does, in kebab-case: `create-recovery-points`. */
  readonly name: string;
  readonly statements: readonly string[];
}

/** All steps of one concept folder, in order. */
export interface ConceptMigrations {
  /** The folder's name. */
  readonly concept: string;
  readonly migrations: readonly Migration[];
}
