-- What Orleans keeps in PostgreSQL: who is in the cluster, the state of grains, and what they are to be reminded of. Run at every start, in one transaction under a lock; it
-- makes what is missing and brings the queries up to date. Orleans reads the queries from its own table and knows no other
-- SQL; the names of their parameters and columns are its, the rest is ours. When a silo was started and was last alive is told by the database's clock, by which it is compared, and not
-- by the silo's.

CREATE TABLE IF NOT EXISTS OrleansQuery (
  QueryKey  TEXT PRIMARY KEY,
  QueryText TEXT NOT NULL
);

-- One row a cluster: its number goes up with each change of the rows below, and a change that was worked out from an older one is refused.
CREATE TABLE IF NOT EXISTS cluster_views (
  cluster    TEXT        PRIMARY KEY,
  version    INTEGER     NOT NULL DEFAULT 0,
  changed_at TIMESTAMPTZ NOT NULL DEFAULT now()
);

CREATE TABLE IF NOT EXISTS cluster_silos (
  cluster       TEXT        NOT NULL REFERENCES cluster_views (cluster),
  address       TEXT        NOT NULL,
  port          INTEGER     NOT NULL,
  generation    INTEGER     NOT NULL,
  silo_name     TEXT        NOT NULL,
  host_name     TEXT        NOT NULL,
  status        INTEGER     NOT NULL,
  gateway_port  INTEGER,
  suspicions    TEXT,
  started_at    TIMESTAMPTZ NOT NULL,
  alive_at      TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (cluster, address, port, generation)
);

-- The state of grains, by what Orleans knows a grain by. The version is compared when it is written.
CREATE TABLE IF NOT EXISTS grain_states (
  service     TEXT        NOT NULL,
  state_type  TEXT        NOT NULL,
  id_low      BIGINT      NOT NULL,
  id_high     BIGINT      NOT NULL,
  id_text     TEXT        NOT NULL,
  payload     BYTEA,
  version     INTEGER     NOT NULL,
  modified_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  PRIMARY KEY (service, state_type, id_text, id_low, id_high)
);

-- A silo looks after those whose hash is in its part of the ring: over the one bound, up to the other, or around the end.
CREATE TABLE IF NOT EXISTS grain_reminders (
  service    TEXT        NOT NULL,
  grain      TEXT        NOT NULL,
  reminder   TEXT        NOT NULL,
  grain_hash INTEGER     NOT NULL,
  due_at     TIMESTAMPTZ NOT NULL,
  period_ms  BIGINT      NOT NULL,
  version    INTEGER     NOT NULL DEFAULT 0,
  PRIMARY KEY (service, grain, reminder)
);

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES
('InsertMembershipVersionKey', $q$
WITH made AS (
  INSERT INTO cluster_views (cluster) VALUES (@DeploymentId) ON CONFLICT DO NOTHING RETURNING 1
)
SELECT count(*) > 0 FROM made
$q$),
('InsertMembershipKey', $q$
WITH next AS (
  UPDATE cluster_views v SET version = v.version + 1, changed_at = now()
  WHERE v.cluster = @DeploymentId AND v.version = @Version AND NOT EXISTS (
    SELECT FROM cluster_silos s
    WHERE s.cluster = @DeploymentId AND s.address = @Address AND s.port = @Port AND s.generation = @Generation)
  RETURNING v.cluster
), joined AS (
  INSERT INTO cluster_silos (cluster, address, port, generation, silo_name, host_name, status, gateway_port, started_at, alive_at)
  SELECT cluster, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, now(), now() FROM next
  RETURNING 1
)
SELECT count(*) > 0 FROM joined
$q$),
('UpdateMembershipKey', $q$
WITH next AS (
  UPDATE cluster_views v SET version = v.version + 1, changed_at = now()
  WHERE v.cluster = @DeploymentId AND v.version = @Version AND EXISTS (
    SELECT FROM cluster_silos s
    WHERE s.cluster = @DeploymentId AND s.address = @Address AND s.port = @Port AND s.generation = @Generation)
  RETURNING v.cluster
), changed AS (
  UPDATE cluster_silos s SET status = @Status, suspicions = @SuspectTimes::TEXT
  FROM next WHERE s.cluster = next.cluster AND s.address = @Address AND s.port = @Port AND s.generation = @Generation
  RETURNING 1
)
SELECT count(*) > 0 FROM changed
$q$),
('UpdateIAmAlivetimeKey', $q$
UPDATE cluster_silos SET alive_at = now()
WHERE cluster = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation
$q$),
('MembershipReadRowKey', $q$
SELECT v.cluster AS DeploymentId, s.address AS Address, s.port AS Port, s.generation AS Generation, s.silo_name AS SiloName,
       s.host_name AS HostName, s.status AS Status, s.gateway_port AS ProxyPort, s.suspicions AS SuspectTimes,
       s.started_at AS StartTime, s.alive_at AS IAmAliveTime, v.version AS Version
FROM cluster_views v
LEFT JOIN cluster_silos s ON s.cluster = v.cluster AND s.address = @Address AND s.port = @Port AND s.generation = @Generation
WHERE v.cluster = @DeploymentId
$q$),
('MembershipReadAllKey', $q$
SELECT v.cluster AS DeploymentId, s.address AS Address, s.port AS Port, s.generation AS Generation, s.silo_name AS SiloName,
       s.host_name AS HostName, s.status AS Status, s.gateway_port AS ProxyPort, s.suspicions AS SuspectTimes,
       s.started_at AS StartTime, s.alive_at AS IAmAliveTime, v.version AS Version
FROM cluster_views v LEFT JOIN cluster_silos s ON s.cluster = v.cluster
WHERE v.cluster = @DeploymentId
$q$),
('GatewaysQueryKey', $q$
SELECT address AS Address, gateway_port AS ProxyPort, generation AS Generation
FROM cluster_silos WHERE cluster = @DeploymentId AND status = @Status AND gateway_port > 0
$q$),
('DeleteMembershipTableEntriesKey', $q$
DELETE FROM cluster_silos WHERE cluster = @DeploymentId;
DELETE FROM cluster_views WHERE cluster = @DeploymentId
$q$),
('CleanupDefunctSiloEntriesKey', $q$
DELETE FROM cluster_silos WHERE cluster = @DeploymentId AND alive_at < @IAmAliveTime AND status <> 3
$q$),
('ReadFromStorageKey', $q$
SELECT payload AS PayloadBinary, version AS Version FROM grain_states
WHERE service = @ServiceId AND state_type = @GrainTypeString AND id_text = coalesce(@GrainIdExtensionString::TEXT, '')
  AND id_low = @GrainIdN0 AND id_high = @GrainIdN1
$q$),
('WriteToStorageKey', $q$
WITH renewed AS (
  UPDATE grain_states SET payload = @PayloadBinary, version = version + 1, modified_at = now()
  WHERE service = @ServiceId AND state_type = @GrainTypeString AND id_text = coalesce(@GrainIdExtensionString::TEXT, '')
    AND id_low = @GrainIdN0 AND id_high = @GrainIdN1 AND version = @GrainStateVersion::INTEGER
  RETURNING version
), made AS (
  INSERT INTO grain_states (service, state_type, id_low, id_high, id_text, payload, version)
  SELECT @ServiceId, @GrainTypeString, @GrainIdN0, @GrainIdN1, coalesce(@GrainIdExtensionString::TEXT, ''), @PayloadBinary, 1
  WHERE @GrainStateVersion::INTEGER IS NULL
  ON CONFLICT DO NOTHING RETURNING version
)
SELECT coalesce((SELECT version FROM renewed), (SELECT version FROM made), @GrainStateVersion::INTEGER) AS NewGrainStateVersion
$q$),
('UpsertReminderRowKey', $q$
INSERT INTO grain_reminders AS r (service, grain, reminder, grain_hash, due_at, period_ms)
VALUES (@ServiceId, @GrainId, @ReminderName, @GrainHash, @StartTime, @Period)
ON CONFLICT (service, grain, reminder) DO UPDATE
  SET grain_hash = excluded.grain_hash, due_at = excluded.due_at, period_ms = excluded.period_ms, version = r.version + 1
RETURNING version AS Version
$q$),
('ReadReminderRowsKey', $q$
SELECT grain AS GrainId, reminder AS ReminderName, due_at AS StartTime, period_ms AS Period, version AS Version
FROM grain_reminders WHERE service = @ServiceId AND grain = @GrainId
$q$),
('ReadReminderRowKey', $q$
SELECT grain AS GrainId, reminder AS ReminderName, due_at AS StartTime, period_ms AS Period, version AS Version
FROM grain_reminders WHERE service = @ServiceId AND grain = @GrainId AND reminder = @ReminderName
$q$),
('ReadRangeRows1Key', $q$
SELECT grain AS GrainId, reminder AS ReminderName, due_at AS StartTime, period_ms AS Period, version AS Version
FROM grain_reminders WHERE service = @ServiceId AND grain_hash > @BeginHash AND grain_hash <= @EndHash
$q$),
('ReadRangeRows2Key', $q$
SELECT grain AS GrainId, reminder AS ReminderName, due_at AS StartTime, period_ms AS Period, version AS Version
FROM grain_reminders WHERE service = @ServiceId AND (grain_hash > @BeginHash OR grain_hash <= @EndHash)
$q$),
('DeleteReminderRowKey', $q$
WITH gone AS (
  DELETE FROM grain_reminders WHERE service = @ServiceId AND grain = @GrainId AND reminder = @ReminderName AND version = @Version
  RETURNING 1
)
SELECT count(*)::INTEGER FROM gone
$q$),
('DeleteReminderRowsKey', $q$
DELETE FROM grain_reminders WHERE service = @ServiceId
$q$),
('ClearStorageKey', $q$
UPDATE grain_states SET payload = NULL, version = version + 1, modified_at = now()
WHERE service = @ServiceId AND state_type = @GrainTypeString AND id_text = coalesce(@GrainIdExtensionString::TEXT, '')
  AND id_low = @GrainIdN0 AND id_high = @GrainIdN1 AND version = @GrainStateVersion::INTEGER
RETURNING version AS NewGrainStateVersion
$q$),
('DeleteStorageKey', $q$
DELETE FROM grain_states
WHERE service = @ServiceId AND state_type = @GrainTypeString AND id_text = coalesce(@GrainIdExtensionString::TEXT, '')
  AND id_low = @GrainIdN0 AND id_high = @GrainIdN1 AND version = @GrainStateVersion::INTEGER
RETURNING version + 1 AS NewGrainStateVersion
$q$)
ON CONFLICT (QueryKey) DO UPDATE SET QueryText = excluded.QueryText WHERE OrleansQuery.QueryText <> excluded.QueryText;
