ALTER TABLE delivery ADD COLUMN kills integer NOT NULL DEFAULT 0; -- how often the process was killed at work on it
