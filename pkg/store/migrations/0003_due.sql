-- What waits is found by these columns; before, by the jobs of River (github.com/riverqueue/river), whose tables go.
-- due_at and seen_at are by the database's clock.
ALTER TABLE issue ADD COLUMN due_at bigint; -- when its waiting deliveries may be worked on; NULL when none waits
UPDATE issue SET due_at = 0 WHERE key IN (SELECT key FROM delivery WHERE state = 0);
CREATE INDEX issue_due ON issue (due_at) WHERE due_at IS NOT NULL;

CREATE TABLE replica (                -- processes that work; an owner begins with the id of one
  id      text COLLATE "C" PRIMARY KEY,
  seen_at bigint NOT NULL             -- its last sign of life; who is silent for long is dead
);

ALTER TABLE cron_state ADD COLUMN owner text NOT NULL DEFAULT ''; -- token of who runs the tick
ALTER TABLE cron_state ADD COLUMN rest_until bigint NOT NULL DEFAULT 0;

DROP TABLE IF EXISTS river_client_queue;
DROP TABLE IF EXISTS river_client;
DROP TABLE IF EXISTS river_queue;
DROP TABLE IF EXISTS river_leader;
DROP TABLE IF EXISTS river_job;
DROP TABLE IF EXISTS river_notification;
DROP TABLE IF EXISTS river_migration;
DROP FUNCTION IF EXISTS river_job_state_in_bitmask, river_job_notify; -- PostgreSQL only
DROP TYPE IF EXISTS river_job_state; -- PostgreSQL only
