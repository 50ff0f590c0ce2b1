-- Version 1. Times are Unix nanoseconds; JSON columns are text, read with json_extract_string(column, '$."dotted.key"').
CREATE TABLE meta (key VARCHAR PRIMARY KEY, value VARCHAR NOT NULL);

CREATE TABLE spans (
  trace_id VARCHAR NOT NULL,
  span_id VARCHAR NOT NULL,
  parent_id VARCHAR,
  service VARCHAR NOT NULL,
  environment VARCHAR,
  release VARCHAR,
  run_id VARCHAR NOT NULL,
  name VARCHAR NOT NULL,
  operation VARCHAR NOT NULL,
  kind VARCHAR NOT NULL,
  category VARCHAR NOT NULL,
  start_ns BIGINT NOT NULL,
  duration_ns BIGINT NOT NULL,
  status VARCHAR NOT NULL,              -- unset, ok, error
  error_type VARCHAR,
  segment_root BOOLEAN NOT NULL,
  sources UTINYINT NOT NULL,            -- bits: 1 OTLP, 2 Sentry
  weight DOUBLE,                        -- 1 / sampling probability; NULL = unknown
  stored_weight DOUBLE NOT NULL,        -- received spans this row stands for after eviction; multiply counts by it
  kept_because VARCHAR,
  status_message VARCHAR,
  attributes VARCHAR NOT NULL,          -- JSON object, flat
  events VARCHAR,                       -- JSON array
  links VARCHAR,                        -- JSON array
  resource VARCHAR                      -- JSON object
);

CREATE TABLE issues (
  issue_id VARCHAR NOT NULL,
  service VARCHAR NOT NULL,
  type VARCHAR NOT NULL,
  message VARCHAR NOT NULL,
  culprit VARCHAR,
  level VARCHAR NOT NULL,
  handled BOOLEAN,
  first_seen_ns BIGINT NOT NULL,
  last_seen_ns BIGINT NOT NULL,
  events BIGINT NOT NULL,
  status VARCHAR NOT NULL,
  first_run_id VARCHAR NOT NULL,
  last_run_id VARCHAR NOT NULL,
  grouping_version INTEGER NOT NULL,
  explanation VARCHAR NOT NULL
);

CREATE TABLE issue_keys (
  grouping_key VARCHAR NOT NULL,
  issue_id VARCHAR NOT NULL
);

CREATE TABLE events (
  event_id VARCHAR NOT NULL,
  issue_id VARCHAR NOT NULL,
  twin_id VARCHAR,                      -- id of the copy by the other protocol, merged into this one
  service VARCHAR NOT NULL,
  environment VARCHAR,
  release VARCHAR,
  run_id VARCHAR NOT NULL,
  type VARCHAR NOT NULL,
  message VARCHAR NOT NULL,
  culprit VARCHAR,
  level VARCHAR NOT NULL,
  handled BOOLEAN,
  time_ns BIGINT NOT NULL,
  trace_id VARCHAR,
  span_id VARCHAR,
  transaction_name VARCHAR,
  platform VARCHAR,
  user_id VARCHAR,
  sources UTINYINT NOT NULL,
  tags VARCHAR NOT NULL,                -- JSON object of strings
  payload VARCHAR NOT NULL,             -- JSON object
  grouping_version INTEGER NOT NULL,
  grouping_keys VARCHAR NOT NULL,       -- keys, one a line
  explanation VARCHAR NOT NULL          -- JSON object
);

CREATE TABLE logs (
  time_ns BIGINT NOT NULL,
  service VARCHAR NOT NULL,
  environment VARCHAR,
  release VARCHAR,
  run_id VARCHAR NOT NULL,
  severity INTEGER NOT NULL,
  level VARCHAR NOT NULL,
  body VARCHAR NOT NULL,
  logger VARCHAR,
  thread VARCHAR,
  event_name VARCHAR,
  trace_id VARCHAR,
  span_id VARCHAR,
  sources UTINYINT NOT NULL,
  attributes VARCHAR NOT NULL,
  resource VARCHAR
);

CREATE TABLE metric_points (
  name VARCHAR NOT NULL,
  type VARCHAR NOT NULL,                -- counter, sum, gauge, histogram, exponential, summary, distribution
  time_ns BIGINT NOT NULL,
  service VARCHAR NOT NULL,
  environment VARCHAR,
  release VARCHAR,
  run_id VARCHAR NOT NULL,
  start_ns BIGINT NOT NULL,
  unit VARCHAR,
  description VARCHAR,
  delta BOOLEAN NOT NULL,
  value DOUBLE NOT NULL,
  count BIGINT NOT NULL,
  min DOUBLE,
  max DOUBLE,
  buckets VARCHAR,
  attributes VARCHAR NOT NULL,          -- JSON object, flat, keys sorted
  exemplars VARCHAR,
  trace_id VARCHAR,
  span_id VARCHAR,
  sources UTINYINT NOT NULL
);

CREATE TABLE retained_items (
  time_ns BIGINT NOT NULL,
  type VARCHAR NOT NULL,
  service VARCHAR NOT NULL,
  environment VARCHAR,
  release VARCHAR,
  run_id VARCHAR NOT NULL,
  event_id VARCHAR,
  header VARCHAR,
  payload VARCHAR NOT NULL,
  base64 BOOLEAN NOT NULL,
  payload_bytes BIGINT NOT NULL
);

CREATE TABLE runs (
  run_id VARCHAR NOT NULL,
  service VARCHAR NOT NULL,
  release VARCHAR,
  first_seen_ns BIGINT NOT NULL,
  last_seen_ns BIGINT NOT NULL
);
