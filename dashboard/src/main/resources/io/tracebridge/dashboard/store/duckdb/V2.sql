-- What is derived from the spans of a trace. Narrow rows: aggregates over millions of them touch numbers only.

CREATE TABLE operations (
    operation_id INTEGER NOT NULL,
    service VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    kind VARCHAR NOT NULL
);

CREATE TABLE trace_summaries (
    trace_id VARCHAR NOT NULL,
    start_us BIGINT NOT NULL,
    duration_us BIGINT NOT NULL,
    wait_us BIGINT NOT NULL,
    root INTEGER NOT NULL,
    services VARCHAR NOT NULL,    -- a line each, a line end before and after
    operations VARCHAR NOT NULL,  -- ids, a comma before and after each
    environment VARCHAR,
    release VARCHAR,
    run_id VARCHAR NOT NULL,
    spans INTEGER NOT NULL,
    error_spans INTEGER NOT NULL,
    status VARCHAR NOT NULL,
    weight DOUBLE,
    kept_because VARCHAR,
    chips INTEGER NOT NULL
);

CREATE TABLE span_paths (
    trace_id VARCHAR NOT NULL,
    root INTEGER NOT NULL,
    operation INTEGER NOT NULL,
    start_us BIGINT NOT NULL,
    duration_us BIGINT NOT NULL,
    bucket INTEGER NOT NULL,
    self_us BIGINT NOT NULL,
    critical_us BIGINT NOT NULL,
    weight DOUBLE,
    path_weight DOUBLE NOT NULL,
    error BOOLEAN NOT NULL,
    top BOOLEAN NOT NULL,
    environment VARCHAR,
    run_id VARCHAR NOT NULL
);

CREATE TABLE ai_calls (
    trace_id VARCHAR NOT NULL,
    span_id VARCHAR NOT NULL,
    operation INTEGER NOT NULL,
    start_us BIGINT NOT NULL,
    duration_us BIGINT NOT NULL,
    kind VARCHAR NOT NULL,
    provider VARCHAR,
    request_model VARCHAR,
    response_model VARCHAR,
    input_tokens BIGINT,
    output_tokens BIGINT,
    cache_read_tokens BIGINT,
    cache_write_tokens BIGINT,
    reasoning_tokens BIGINT,
    first_token_ms DOUBLE,
    error BOOLEAN NOT NULL,
    weight DOUBLE,
    environment VARCHAR,
    run_id VARCHAR NOT NULL
);

CREATE TABLE findings (
    trace_id VARCHAR NOT NULL,
    type VARCHAR NOT NULL,
    operation INTEGER NOT NULL,
    parent INTEGER NOT NULL,
    detail VARCHAR NOT NULL,
    start_us BIGINT NOT NULL,
    total_us BIGINT NOT NULL,
    waste_us BIGINT NOT NULL,
    calls INTEGER NOT NULL,
    parent_span_id VARCHAR NOT NULL,
    span_ids VARCHAR NOT NULL,
    weight DOUBLE NOT NULL,
    environment VARCHAR,
    run_id VARCHAR NOT NULL
);
