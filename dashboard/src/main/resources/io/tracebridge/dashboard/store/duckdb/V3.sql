-- Sums of span_paths by windows of time that are at rest (ADR 0071). Only a shortcut: dropping all of it changes no answer.

-- 64 buckets for each doubling instead of 128
UPDATE span_paths SET bucket = 64 + bucket // 2 WHERE bucket >= 128;

-- a window that is here is complete in the three tables below
CREATE TABLE rollup_windows (
    level UTINYINT NOT NULL,      -- 0 minute, 1 ten minutes, 2 hour, 3 six hours, 4 day
    from_us BIGINT NOT NULL,
    spans BIGINT NOT NULL
);

CREATE TABLE rollup_figures (
    level UTINYINT NOT NULL,
    from_us BIGINT NOT NULL,
    operation INTEGER NOT NULL,
    root INTEGER NOT NULL,
    environment VARCHAR,
    run_id VARCHAR NOT NULL,
    top BOOLEAN NOT NULL,
    seen BIGINT NOT NULL,
    known BIGINT NOT NULL,        -- of these, with a weight
    weight DOUBLE,
    errors DOUBLE,
    least DOUBLE,                 -- least weight
    most DOUBLE,
    total DOUBLE,                 -- weight * duration_us, and so on
    self DOUBLE,
    critical DOUBLE NOT NULL,     -- path_weight * critical_us
    wait DOUBLE NOT NULL,         -- path_weight * duration_us
    max_us BIGINT NOT NULL,
    first_us BIGINT NOT NULL,
    last_us BIGINT NOT NULL
);

CREATE TABLE rollup_durations (
    level UTINYINT NOT NULL,
    from_us BIGINT NOT NULL,
    operation INTEGER NOT NULL,
    environment VARCHAR,
    run_id VARCHAR NOT NULL,
    top BOOLEAN NOT NULL,
    bucket INTEGER NOT NULL,
    weight DOUBLE NOT NULL
);

-- the traces that waited longest for an operation there
CREATE TABLE rollup_evidence (
    level UTINYINT NOT NULL,
    from_us BIGINT NOT NULL,
    operation INTEGER NOT NULL,
    environment VARCHAR,
    run_id VARCHAR NOT NULL,
    trace_id VARCHAR NOT NULL,
    start_us BIGINT NOT NULL,
    duration_us BIGINT NOT NULL,  -- of its longest span of the operation
    critical_us BIGINT NOT NULL
);
