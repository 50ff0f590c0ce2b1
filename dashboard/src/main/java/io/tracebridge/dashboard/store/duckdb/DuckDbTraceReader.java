/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store.duckdb;

import static java.util.Locale.ROOT;

import io.tracebridge.dashboard.store.DurationBucket;
import io.tracebridge.dashboard.store.DurationSums;
import io.tracebridge.dashboard.store.OperationRef;
import io.tracebridge.dashboard.store.Selection;
import io.tracebridge.dashboard.store.SpanStatus;
import io.tracebridge.dashboard.store.StoredSpan;
import io.tracebridge.dashboard.store.TraceQuery;
import io.tracebridge.dashboard.store.TraceReader;
import io.tracebridge.dashboard.store.TraceSummary;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Answers about traces. */
final class DuckDbTraceReader implements TraceReader {
    private static final String SUMMARY =
            "trace_id, start_us, duration_us, wait_us, root, services, operations, environment, release,"
                    + " run_id, spans, error_spans, status, weight, kept_because, chips";
    private static final String FAILED =
            "(status = 'error' OR trace_id IN (SELECT trace_id FROM events WHERE trace_id IS NOT NULL))";

    private static final double[] RANKS = {0.5, 0.95, 0.99};
    /** Up to so many traces durations are ranked one by one. */
    private static final int EXACT = 1_024;

    private final Sql sql;
    private final OperationBook book;

    DuckDbTraceReader(Sql sql, OperationBook book) {
        this.sql = sql;
        this.book = book;
    }

    @Override
    public List<TraceSummary> summaries(TraceQuery query, int limit) {
        Where where = where(query);
        String order = query.byDuration() ? "duration_us" : "start_us";
        if (query.afterValue() != null) {
            where.and("(" + order + ", trace_id) < (?, ?)", query.afterValue(), query.afterId());
        }
        return sql.list(
                "SELECT " + SUMMARY + " FROM trace_summaries WHERE " + where.text() + " ORDER BY " + order
                        + " DESC, trace_id DESC LIMIT ?",
                this::summary,
                where.parameters(limit));
    }

    @Override
    public @Nullable TraceSummary summary(String traceId) {
        return sql.first("SELECT " + SUMMARY + " FROM trace_summaries WHERE trace_id = ?", this::summary, traceId);
    }

    @Override
    public Totals totals(TraceQuery query) {
        Where where = where(query);
        return sql.list(
                        "SELECT count(*), count(*) - count(weight), coalesce(sum(weight), 0),"
                                + " coalesce(sum(weight) FILTER (WHERE " + FAILED + "), 0),"
                                + " coalesce(max(weight), 1) <> 1 OR coalesce(min(weight), 1) <> 1,"
                                + " coalesce(min(start_us), 0), coalesce(max(start_us), 0) FROM trace_summaries WHERE "
                                + where.text(),
                        cells -> totals(query, cells),
                        where.parameters())
                .get(0);
    }

    private Totals totals(TraceQuery query, Cells cells) throws SQLException {
        long seen = cells.number();
        long unknown = cells.number();
        double estimated = cells.real();
        double errors = cells.real();
        boolean weighted = cells.flag();
        long[] ranks = seen == 0 ? new long[RANKS.length] : ranks(query, seen);
        return new Totals(
                seen,
                unknown,
                estimated,
                errors,
                weighted,
                ranks[0],
                ranks[1],
                ranks[2],
                cells.number(),
                cells.number());
    }

    /** Exact for few traces; of many by buckets, which need no sorting. */
    private long[] ranks(TraceQuery query, long seen) {
        Where where = where(query);
        boolean exact = seen <= EXACT;
        List<long[]> values = new ArrayList<>();
        List<Double> weights = new ArrayList<>();
        sql.list(
                "SELECT " + (exact ? "duration_us" : SliceSql.bucket("duration_us"))
                        + " AS place, sum(weight) FROM trace_summaries WHERE " + where.text()
                        + " AND weight > 0 GROUP BY place ORDER BY place",
                cells -> {
                    long place = cells.number();
                    values.add(new long[] {exact ? place : DurationBucket.micros((int) place)});
                    return weights.add(cells.real());
                },
                where.parameters());
        double total = weights.stream().mapToDouble(Double::doubleValue).sum();
        long[] ranks = new long[RANKS.length];
        for (int i = 0; i < RANKS.length; i++) {
            double upTo = 0;
            for (int k = 0; k < values.size() && (upTo < RANKS[i] * total * (1 - 1e-9) || k == 0); k++) {
                upTo += weights.get(k);
                ranks[i] = values.get(k)[0];
            }
        }
        return ranks;
    }

    @Override
    public List<Slice> slices(Selection selection, int slices) {
        Where where = SelectionWhere.traces(selection, book);
        String slice = SliceSql.micros("start_us", selection, slices) + " AS slice";
        Map<Integer, DurationSums> durations = new HashMap<>();
        sql.list(
                "SELECT " + slice + ", " + SliceSql.bucket("duration_us")
                        + " AS place, sum(weight) FROM trace_summaries WHERE " + where.text()
                        + " AND weight > 0 GROUP BY slice, place",
                cells -> {
                    DurationSums sums = durations.computeIfAbsent(cells.integer(), unused -> new DurationSums());
                    sums.add(cells.integer(), cells.real());
                    return sums;
                },
                where.parameters());
        return sql.list(
                "SELECT " + slice + ", coalesce(sum(weight), 0), coalesce(sum(weight) FILTER (WHERE " + FAILED
                        + "), 0), max(duration_us) FROM trace_summaries WHERE " + where.text()
                        + " GROUP BY slice ORDER BY slice",
                cells -> {
                    int index = cells.integer();
                    double count = cells.real();
                    double errors = cells.real();
                    DurationSums sums = durations.get(index);
                    return new Slice(
                            index, count, errors, sums == null ? 0 : Math.min(cells.number(), sums.percentile(0.95)));
                },
                where.parameters());
    }

    @Override
    public List<DurationCell> durations(TraceQuery query, int slices, int bucketsPerDecade) {
        Where where = where(query);
        return sql.list(
                "SELECT " + SliceSql.micros("start_us", query.selection(), slices)
                        + " AS slice, floor(log10(greatest(duration_us, 1)) * "
                        + bucketsPerDecade + ")::INTEGER AS bucket, count(*), count(*) FILTER (WHERE " + FAILED
                        + ") FROM trace_summaries WHERE " + where.text()
                        + " GROUP BY slice, bucket ORDER BY slice, bucket",
                cells -> new DurationCell(cells.integer(), cells.integer(), cells.number(), cells.number()),
                where.parameters());
    }

    @Override
    public List<String> stored(List<String> traceIds) {
        return traceIds.isEmpty()
                ? List.of()
                : sql.list(
                        "SELECT DISTINCT trace_id FROM spans WHERE trace_id IN (SELECT unnest(?::VARCHAR[]))",
                        Cells::text,
                        traceIds);
    }

    private Where where(TraceQuery query) {
        Where where = SelectionWhere.traces(query.selection(), book);
        if (query.minMicros() > 0) {
            where.and("duration_us >= ?", query.minMicros());
        }
        if (query.maxMicros() != Long.MAX_VALUE) {
            where.and("duration_us <= ?", query.maxMicros());
        }
        if (query.error() != null) {
            where.and((query.error() ? "" : "NOT ") + FAILED);
        }
        if (query.operation() != null) {
            where.and("contains(operations, ?)", "," + book.idsOf(List.of(query.operation())) + ",");
        }
        if (query.root() != null) {
            where.and("root IN (" + book.idsOf(List.of(query.root())) + ")");
        }
        if (query.minSpans() > 0) {
            where.and("spans >= ?", query.minSpans());
        }
        if (query.traceIds() != null) {
            where.and("trace_id IN (SELECT unnest(?::VARCHAR[]))", query.traceIds());
        }
        return where;
    }

    private TraceSummary summary(Cells cells) throws SQLException {
        return new TraceSummary(
                cells.text(),
                cells.number(),
                cells.number(),
                cells.number(),
                book.operation(cells.integer()),
                lines(cells.text()),
                operations(cells.text()),
                cells.textOrNull(),
                cells.textOrNull(),
                cells.text(),
                cells.integer(),
                cells.integer(),
                SpanStatus.valueOf(cells.text().toUpperCase(ROOT)),
                cells.realOrNull(),
                cells.textOrNull(),
                cells.integer());
    }

    private static List<String> lines(String text) {
        return text.lines().filter(line -> !line.isEmpty()).toList();
    }

    private List<OperationRef> operations(String ids) {
        return Arrays.stream(ids.split(","))
                .filter(id -> !id.isEmpty())
                .map(id -> book.operation(Integer.parseInt(id)))
                .toList();
    }

    @Override
    public List<StoredSpan> spans(String traceId, String spanId) {
        return sql.list(
                "SELECT " + SpanTable.COLUMNS + " FROM spans WHERE trace_id = ? AND span_id = ? ORDER BY start_ns",
                SpanTable::read,
                traceId,
                spanId);
    }

    @Override
    public List<Notes> notes(String traceId) {
        return sql.list(
                "SELECT span_id, service, events, links FROM spans WHERE trace_id = ? AND (events IS NOT NULL OR links IS"
                        + " NOT NULL)",
                cells -> new Notes(cells.text(), cells.text(), cells.textOrNull(), cells.textOrNull()),
                traceId);
    }

    @Override
    public List<StoredSpan> spans(String traceId, int limit) {
        return sql.list(
                "SELECT " + SpanTable.COLUMNS + " FROM spans WHERE trace_id = ? ORDER BY start_ns, span_id LIMIT ?",
                SpanTable::read,
                traceId,
                limit);
    }
}
