-- The key of a record is stored once instead of twice.
ALTER TABLE record RENAME TO record_before; -- SQLite only
CREATE TABLE record (kind text NOT NULL, id text NOT NULL, data bytea NOT NULL, at bigint NOT NULL, PRIMARY KEY (kind, id)) WITHOUT ROWID; -- SQLite only
INSERT INTO record (kind, id, data, at) SELECT kind, id, data, at FROM record_before; -- SQLite only
DROP TABLE record_before; -- SQLite only
