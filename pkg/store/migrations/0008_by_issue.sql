-- What is remembered of an issue lies together, and is read and written at once; it lay apart by its kinds. What is listed over many
-- issues has an index for that, of no other kind. (queue.Listed)
ALTER TABLE record RENAME TO record_before; -- SQLite only
CREATE TABLE record (kind text NOT NULL, id text NOT NULL, data bytea NOT NULL, at bigint NOT NULL, PRIMARY KEY (id, kind)) WITHOUT ROWID; -- SQLite only
INSERT INTO record (kind, id, data, at) SELECT kind, id, data, at FROM record_before ORDER BY id, kind; -- SQLite only
DROP TABLE record_before; -- SQLite only
ALTER TABLE record DROP CONSTRAINT record_pkey, ADD PRIMARY KEY (id, kind); -- PostgreSQL only
CREATE INDEX record_listed ON record (kind, id) WHERE kind IN ('book', 'source', 'tracked', 'unseen');
