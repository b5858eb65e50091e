-- The key of a row is stored once instead of twice, and each change of it writes a page less.
DROP INDEX issue_due; -- SQLite only
ALTER TABLE issue RENAME TO issue_before; -- SQLite only
CREATE TABLE issue (key text PRIMARY KEY, next_seq bigint NOT NULL, owner text NOT NULL, due_at bigint) WITHOUT ROWID; -- SQLite only
INSERT INTO issue (key, next_seq, owner, due_at) SELECT key, next_seq, owner, due_at FROM issue_before; -- SQLite only
DROP TABLE issue_before; -- SQLite only
CREATE INDEX issue_due ON issue (due_at) WHERE due_at IS NOT NULL; -- SQLite only
ALTER TABLE plan RENAME TO plan_before; -- SQLite only
CREATE TABLE plan (key text PRIMARY KEY, upto bigint NOT NULL, data bytea NOT NULL, saved_at bigint NOT NULL) WITHOUT ROWID; -- SQLite only
INSERT INTO plan (key, upto, data, saved_at) SELECT key, upto, data, saved_at FROM plan_before; -- SQLite only
DROP TABLE plan_before; -- SQLite only
ALTER TABLE plan_request RENAME TO plan_request_before; -- SQLite only
CREATE TABLE plan_request (key text NOT NULL, n integer NOT NULL, result bytea NOT NULL, PRIMARY KEY (key, n)) WITHOUT ROWID; -- SQLite only
INSERT INTO plan_request (key, n, result) SELECT key, n, result FROM plan_request_before; -- SQLite only
DROP TABLE plan_request_before; -- SQLite only
