-- Times are microseconds since 1970 in UTC, so that both databases order and compare them alike.
-- COLLATE "C" is left out for SQLite, which compares bytes anyway.

CREATE TABLE issue (                  -- one row per key: its lock orders everything that happens to the key
  key      text COLLATE "C" PRIMARY KEY,
  next_seq bigint NOT NULL,           -- given out under this row's lock, so the order of seq is the order of commits
  owner    text NOT NULL              -- token of the claim that may write for the key; '' when the last one ended in order
);

CREATE TABLE delivery (
  guid        text COLLATE "C" PRIMARY KEY,
  key         text COLLATE "C" NOT NULL,
  seq         bigint NOT NULL,
  event       text NOT NULL,
  payload     bytea NOT NULL,
  received_at bigint NOT NULL,
  attempts    integer NOT NULL DEFAULT 0,
  last_error  text NOT NULL DEFAULT '',
  state       smallint NOT NULL DEFAULT 0, -- 0 pending, 1 done, 2 dead, 3 done and payload dropped
  done_at     bigint NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX delivery_pending ON delivery (key, seq) WHERE state = 0;
CREATE INDEX delivery_done ON delivery (done_at) WHERE state = 1;
CREATE INDEX delivery_dead ON delivery (received_at) WHERE state = 2;

CREATE TABLE plan (                   -- the open plan of a key
  key      text COLLATE "C" PRIMARY KEY,
  upto     bigint NOT NULL,           -- it is for the key's pending deliveries with seq <= upto
  data     bytea NOT NULL,
  saved_at bigint NOT NULL
);

CREATE TABLE plan_request (           -- a request that was answered
  key    text COLLATE "C" NOT NULL,
  n      integer NOT NULL,
  result bytea NOT NULL,
  PRIMARY KEY (key, n)
);

CREATE TABLE record (
  kind text COLLATE "C" NOT NULL,
  id   text COLLATE "C" NOT NULL,
  data bytea NOT NULL,
  at   bigint NOT NULL,
  PRIMARY KEY (kind, id)
);

CREATE TABLE cron_state (
  name      text PRIMARY KEY,
  last_tick bigint NOT NULL
);
