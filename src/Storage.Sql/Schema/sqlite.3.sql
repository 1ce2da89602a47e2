-- Results that are to be posted to callback_url, by the number of the task: from its end until they are delivered. Those that were given up stay.
CREATE TABLE callbacks (
  seq          INTEGER PRIMARY KEY,
  task_id      TEXT    NOT NULL,
  url          TEXT    NOT NULL,
  host         TEXT    NOT NULL,
  state        TEXT    NOT NULL,
  attempts     INTEGER NOT NULL,
  next_time_ms INTEGER  NOT NULL,
  end_time_ms  INTEGER  NOT NULL,
  error        TEXT
);
CREATE INDEX callbacks_waiting ON callbacks (host, next_time_ms, seq) WHERE state = 'WAITING';
CREATE INDEX callbacks_dead ON callbacks (end_time_ms, seq) WHERE state = 'DEAD';
