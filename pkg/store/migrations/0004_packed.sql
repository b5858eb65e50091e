ALTER TABLE delivery ADD COLUMN packed smallint NOT NULL DEFAULT 0; -- how payload is stored: 0 as it came, 1 Zstandard with payload.dict
