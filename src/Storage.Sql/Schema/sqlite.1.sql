-- What was asked and where it is. Times are milliseconds since the Unix epoch, UTC.
CREATE TABLE tasks (
  seq                    INTEGER PRIMARY KEY,
  task_id                TEXT    NOT NULL UNIQUE,
  spec_hash              BLOB    NOT NULL,
  cache_key              BLOB,
  name                   TEXT,
  runner                 TEXT,
  code_executor          TEXT,
  capabilities           TEXT,
  cpus                   REAL,
  memory_mb              INTEGER,
  gpus                   INTEGER,
  depends_on             TEXT,
  priority               INTEGER NOT NULL,
  submit_time_ms         INTEGER NOT NULL,
  expire_time_ms         INTEGER,
  status                 TEXT    NOT NULL,
  attempt                INTEGER NOT NULL,
  executor_id            TEXT,
  runtime_id             TEXT,
  not_before_ms          INTEGER,
  start_time_ms          INTEGER,
  end_time_ms            INTEGER,
  failures               INTEGER NOT NULL,
  infrastructure_retries INTEGER NOT NULL,
  loss_retries           INTEGER NOT NULL,
  cancel_requested       BOOLEAN NOT NULL,
  cached                 BOOLEAN NOT NULL,
  result_id              TEXT,
  outcome                TEXT
);
-- What waits or runs, in the order in which it is to run.
CREATE INDEX tasks_open ON tasks (priority DESC, submit_time_ms, seq) WHERE end_time_ms IS NULL;
CREATE INDEX tasks_age ON tasks (submit_time_ms, seq);
CREATE INDEX tasks_status ON tasks (status, submit_time_ms, seq);
CREATE INDEX tasks_ended ON tasks (end_time_ms, seq) WHERE end_time_ms IS NOT NULL;
CREATE INDEX tasks_cache ON tasks (cache_key, end_time_ms) WHERE cache_key IS NOT NULL;

-- Apart from tasks, so that a scan of a million tasks doesn't read their code.
CREATE TABLE task_specs (
  seq  INTEGER PRIMARY KEY,
  spec TEXT NOT NULL
);

CREATE TABLE code_execution_results (
  id            TEXT PRIMARY KEY,
  executor_type VARCHAR,
  executor_id   VARCHAR,
  runtime_id    VARCHAR,
  name          VARCHAR,
  config_id     VARCHAR,
  completed     BOOLEAN NOT NULL,
  success       BOOLEAN NOT NULL,
  exit_code     INTEGER,
  stdout        TEXT    NOT NULL,
  stderr        TEXT    NOT NULL,
  hostname      VARCHAR,
  start_time_ms BIGINT  NOT NULL,
  end_time_ms   BIGINT  NOT NULL,
  duration_sec  FLOAT   NOT NULL,
  error         TEXT
);

CREATE TABLE docker_executors (
  docker_executor_id TEXT PRIMARY KEY,
  code_executor      TEXT NOT NULL REFERENCES code_execution_results (id) ON DELETE CASCADE,
  image              VARCHAR
);
CREATE INDEX docker_executors_result ON docker_executors (code_executor);

CREATE TABLE ssh_executors (
  ssh_executor_id TEXT PRIMARY KEY,
  code_executor   TEXT NOT NULL REFERENCES code_execution_results (id) ON DELETE CASCADE,
  host            VARCHAR,
  port            INTEGER,
  username        VARCHAR
);
CREATE INDEX ssh_executors_result ON ssh_executors (code_executor);

CREATE TABLE local_executors (
  local_executor_id TEXT PRIMARY KEY,
  code_executor     TEXT NOT NULL REFERENCES code_execution_results (id) ON DELETE CASCADE,
  executor_path     VARCHAR,
  timeout_sec       FLOAT,
  work_dir          VARCHAR
);
CREATE INDEX local_executors_result ON local_executors (code_executor);

CREATE TABLE executors (
  executor_id  TEXT PRIMARY KEY,
  host         TEXT    NOT NULL,
  port         INTEGER NOT NULL,
  max_tasks    INTEGER NOT NULL,
  capabilities TEXT,
  last_seen_ms INTEGER NOT NULL
);

CREATE TABLE jobs (
  job_id         TEXT PRIMARY KEY,
  type           TEXT    NOT NULL,
  params         TEXT,
  status         TEXT    NOT NULL,
  progress       REAL    NOT NULL,
  error          TEXT,
  create_time_ms INTEGER NOT NULL,
  start_time_ms  INTEGER,
  end_time_ms    INTEGER,
  log            TEXT    NOT NULL DEFAULT '',
  log_length     INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX jobs_age ON jobs (create_time_ms, job_id);
