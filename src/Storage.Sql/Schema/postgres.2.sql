-- Who may be the only writer of a name: the one who took the highest number. Each of its transactions holds the row, so that whoever
-- takes over waits for the last of them, and the next one finds that its number is an old one.
CREATE TABLE writer_claims (
  name       TEXT COLLATE "C" PRIMARY KEY,
  epoch      BIGINT NOT NULL,
  claimed_at TIMESTAMPTZ NOT NULL DEFAULT now()
);
