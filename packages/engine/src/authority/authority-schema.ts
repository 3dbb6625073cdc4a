/** Tables of the authority that stands alone. Counters live in `pack`, and change only together with `pack_use`. */
export const AUTHORITY_SCHEMA = `
CREATE TABLE IF NOT EXISTS fence (vault TEXT PRIMARY KEY, last INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS write_lease (
  lease TEXT PRIMARY KEY, vault TEXT NOT NULL, point TEXT NOT NULL, fence INTEGER NOT NULL, holder TEXT NOT NULL,
  expires_at INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS read_lease (
  lease TEXT PRIMARY KEY, vault TEXT NOT NULL, point TEXT NOT NULL, holder TEXT NOT NULL,
  expires_at INTEGER NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS read_lease_point ON read_lease (vault, point);
CREATE TABLE IF NOT EXISTS pack (
  vault TEXT NOT NULL, pack TEXT NOT NULL, kind TEXT NOT NULL, size INTEGER NOT NULL, cohort_until INTEGER,
  root TEXT NOT NULL, crc INTEGER NOT NULL, refs INTEGER NOT NULL, used INTEGER NOT NULL, state TEXT NOT NULL,
  lease TEXT, withdrawn_at INTEGER, PRIMARY KEY (vault, pack)) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS pack_unreferenced ON pack (vault, pack) WHERE refs = 0;
CREATE TABLE IF NOT EXISTS pin (
  vault TEXT NOT NULL, pack TEXT NOT NULL, lease TEXT NOT NULL, PRIMARY KEY (vault, pack, lease)) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS pin_lease ON pin (lease);
CREATE TABLE IF NOT EXISTS point (
  vault TEXT NOT NULL, point TEXT NOT NULL, parent TEXT, fence INTEGER NOT NULL, created_at INTEGER NOT NULL,
  retention TEXT NOT NULL, logical_bytes INTEGER NOT NULL, items INTEGER NOT NULL,
  PRIMARY KEY (vault, point)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS hold (
  vault TEXT NOT NULL, point TEXT NOT NULL, hold TEXT NOT NULL, PRIMARY KEY (vault, point, hold)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS pack_use (
  vault TEXT NOT NULL, point TEXT NOT NULL, pack TEXT NOT NULL, used INTEGER NOT NULL,
  PRIMARY KEY (vault, point, pack)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS segment (vault TEXT NOT NULL, segment TEXT NOT NULL, PRIMARY KEY (vault, segment)) STRICT, WITHOUT ROWID;
`;
