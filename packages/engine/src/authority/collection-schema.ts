/** Tables of the collection's part; rows of a pack go with the pack. */
export const COLLECTION_SCHEMA = `
CREATE TABLE IF NOT EXISTS freeze (vault TEXT PRIMARY KEY, reason TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS pack_lock (
  vault TEXT NOT NULL, pack TEXT NOT NULL, mode TEXT NOT NULL, until INTEGER NOT NULL,
  PRIMARY KEY (vault, pack)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS pack_check (
  vault TEXT NOT NULL, pack TEXT NOT NULL, layer TEXT NOT NULL, checked_at INTEGER NOT NULL, damage TEXT,
  PRIMARY KEY (vault, pack, layer)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS pack_cold (
  vault TEXT NOT NULL, pack TEXT NOT NULL, moved INTEGER NOT NULL, PRIMARY KEY (vault, pack)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS pack_measured (
  vault TEXT NOT NULL, pack TEXT NOT NULL, live INTEGER NOT NULL, refs INTEGER NOT NULL, used INTEGER NOT NULL,
  PRIMARY KEY (vault, pack)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS pack_closed (
  vault TEXT NOT NULL, pack TEXT NOT NULL, lease TEXT NOT NULL, PRIMARY KEY (vault, pack)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS segment_retired (
  vault TEXT NOT NULL, segment TEXT NOT NULL, retired_at INTEGER NOT NULL, PRIMARY KEY (vault, segment)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS pack_moved (
  vault TEXT NOT NULL, pack TEXT NOT NULL, successor TEXT NOT NULL, moved INTEGER NOT NULL,
  PRIMARY KEY (vault, pack, successor)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS point_cold (
  vault TEXT NOT NULL, point TEXT NOT NULL, PRIMARY KEY (vault, point)) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS pack_use_pack ON pack_use (vault, pack);
CREATE TRIGGER IF NOT EXISTS pack_forgotten AFTER DELETE ON pack BEGIN
  DELETE FROM pack_lock WHERE vault = OLD.vault AND pack = OLD.pack;
  DELETE FROM pack_check WHERE vault = OLD.vault AND pack = OLD.pack;
  DELETE FROM pack_cold WHERE vault = OLD.vault AND pack = OLD.pack;
  DELETE FROM pack_moved WHERE vault = OLD.vault AND successor = OLD.pack;
  DELETE FROM pack_measured WHERE vault = OLD.vault AND pack = OLD.pack;
END;
CREATE TRIGGER IF NOT EXISTS write_lease_ended AFTER DELETE ON write_lease BEGIN
  DELETE FROM pack_closed WHERE lease = OLD.lease;
END;
CREATE TRIGGER IF NOT EXISTS point_forgotten AFTER DELETE ON point BEGIN
  DELETE FROM point_cold WHERE vault = OLD.vault AND point = OLD.point;
END;
`;
