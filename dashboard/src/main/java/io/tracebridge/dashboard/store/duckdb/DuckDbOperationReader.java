/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store.duckdb;

import io.tracebridge.dashboard.store.DurationBucket;
import io.tracebridge.dashboard.store.OperationFigures;
import io.tracebridge.dashboard.store.OperationReader;
import io.tracebridge.dashboard.store.OperationRef;
import io.tracebridge.dashboard.store.Selection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Answers about operations, from narrow rows of numbers. */
final class DuckDbOperationReader implements OperationReader {
    /** Ranks by the weight up to and including a bucket; the hair keeps sums of fractions from moving an exact rank. */
    private static final String PERCENTILES =
            "coalesce(min(bucket) FILTER (WHERE upto >= 0.5 * total * (1 - 1e-9)), 0),"
                    + " coalesce(min(bucket) FILTER (WHERE upto >= 0.95 * total * (1 - 1e-9)), 0),"
                    + " coalesce(min(bucket) FILTER (WHERE upto >= 0.99 * total * (1 - 1e-9)), 0)";

    private final Sql sql;
    private final OperationBook book;

    DuckDbOperationReader(Sql sql, OperationBook book) {
        this.sql = sql;
        this.book = book;
    }

    private record Ranks(int operation, long p50, long p95, long p99) {}

    @Override
    public List<OperationFigures> figures(
            Selection selection, boolean onlyTop, @Nullable Collection<OperationRef> operations) {
        Where where = operations == null ? SelectionWhere.operations(selection, book) : among(selection, operations);
        if (onlyTop) {
            where.and("top");
        }
        Map<Integer, Ranks> ranks = new HashMap<>();
        for (Ranks one : sql.list(
                "WITH b AS (SELECT operation, bucket, sum(weight) AS w FROM span_paths WHERE " + where.text()
                        + " AND weight > 0 GROUP BY operation, bucket),"
                        + " c AS (SELECT operation, bucket, sum(w) OVER (PARTITION BY operation ORDER BY bucket) AS upto,"
                        + " sum(w) OVER (PARTITION BY operation) AS total FROM b)"
                        + " SELECT operation, " + PERCENTILES + " FROM c GROUP BY operation",
                cells -> new Ranks(cells.integer(), micros(cells), micros(cells), micros(cells)),
                where.parameters())) {
            ranks.put(one.operation(), one);
        }
        return sql.list(
                "SELECT operation, count(*), count(*) - count(weight), coalesce(sum(weight), 0),"
                        + " coalesce(sum(weight) FILTER (WHERE error), 0), coalesce(max(weight), 1) <> 1 OR coalesce(min(weight), 1) <> 1,"
                        + " coalesce(sum(weight * duration_us), 0), coalesce(sum(weight * self_us), 0), sum(path_weight * critical_us),"
                        + " max(duration_us) FROM span_paths WHERE " + where.text() + " GROUP BY operation",
                cells -> figures(cells, ranks),
                where.parameters());
    }

    private OperationFigures figures(Cells cells, Map<Integer, Ranks> ranks) throws SQLException {
        int id = cells.integer();
        Ranks rank = Objects.requireNonNullElse(ranks.get(id), new Ranks(id, 0, 0, 0));
        long seen = cells.number();
        long unknown = cells.number();
        double count = cells.real();
        double errors = cells.real();
        boolean weighted = cells.flag();
        double total = cells.real();
        double self = cells.real();
        double critical = cells.real();
        long max = cells.number();
        return new OperationFigures(
                book.operation(id),
                seen,
                unknown,
                count,
                errors,
                weighted,
                total,
                self,
                critical,
                max,
                // the middle of a bucket may lie above the largest value in it
                Math.min(max, rank.p50()),
                Math.min(max, rank.p95()),
                Math.min(max, rank.p99()));
    }

    @Override
    public @Nullable OperationRef operation(String key) {
        return book.byKey(key);
    }

    @Override
    public int limit() {
        return OperationBook.LIMIT;
    }

    @Override
    public long overflowed() {
        return book.overflowed();
    }

    @Override
    public List<Sample> samples(Selection selection, Collection<OperationRef> operations, int limit) {
        Where where = among(selection, operations);
        return sql.list(
                "SELECT operation, duration_us, weight FROM span_paths WHERE " + where.text()
                        + " AND weight > 0 LIMIT ?",
                cells -> new Sample(operation(cells), cells.number(), cells.real()),
                where.parameters(limit));
    }

    @Override
    public List<Slice> slices(Selection selection, Collection<OperationRef> operations, int slices) {
        Where where = among(selection, operations);
        return sql.list(
                "WITH b AS (SELECT operation, " + SliceSql.micros("start_us", selection, slices)
                        + " AS slice, bucket, sum(weight) AS w, coalesce(sum(weight) FILTER (WHERE error), 0) AS e FROM span_paths WHERE "
                        + where.text() + " AND weight > 0 GROUP BY ALL),"
                        + " c AS (SELECT operation, slice, bucket, w, e, sum(w) OVER (PARTITION BY operation, slice ORDER BY bucket) AS upto,"
                        + " sum(w) OVER (PARTITION BY operation, slice) AS total FROM b)"
                        + " SELECT operation, slice, sum(w), sum(e), " + PERCENTILES
                        + " FROM c GROUP BY operation, slice ORDER BY operation, slice",
                cells -> new Slice(
                        operation(cells),
                        cells.integer(),
                        cells.real(),
                        cells.real(),
                        micros(cells),
                        micros(cells),
                        micros(cells)),
                where.parameters());
    }

    @Override
    public List<Cell> cells(Selection selection, Collection<OperationRef> operations, int slices) {
        Where where = among(selection, operations);
        // every doubling in eight steps: fine enough to draw, few enough to send
        String coarse = "CASE WHEN bucket < 256 THEN bucket ELSE bucket // 16 * 16 END";
        return sql.list(
                "SELECT operation, " + SliceSql.micros("start_us", selection, slices) + " AS slice, " + coarse
                        + " AS cell, sum(weight) FROM span_paths WHERE " + where.text()
                        + " AND weight > 0 GROUP BY ALL ORDER BY 1, 2, 3",
                cells -> new Cell(operation(cells), cells.integer(), cells.integer(), cells.real()),
                where.parameters());
    }

    @Override
    public List<Blame> blames(Selection selection) {
        Where where = SelectionWhere.operations(selection, book);
        return sql.list(
                "SELECT operation, root, sum(path_weight * critical_us) AS blame FROM span_paths WHERE " + where.text()
                        + " AND critical_us > 0 GROUP BY operation, root HAVING blame > 0 ORDER BY blame DESC",
                cells -> new Blame(operation(cells), operation(cells), cells.real()),
                where.parameters());
    }

    @Override
    public List<Evidence> evidence(Selection selection, OperationRef operation, Order order, long micros, int limit) {
        Where where = among(selection, List.of(operation));
        String rank = switch (order) {
            case CRITICAL -> "critical DESC, longest DESC";
            case SLOWEST -> "longest DESC";
            case TYPICAL -> "abs(longest - " + micros + ")";
            case NEWEST, NEWEST_ERROR -> "start DESC";
        };
        if (order == Order.NEWEST_ERROR) {
            where.and("error");
        }
        return sql.list(
                "SELECT trace_id, min(start_us) AS start, max(duration_us) AS longest, sum(critical_us) AS critical FROM span_paths WHERE "
                        + where.text() + " GROUP BY trace_id ORDER BY " + rank + ", trace_id LIMIT ?",
                cells -> new Evidence(cells.text(), cells.number(), cells.number(), cells.number()),
                where.parameters(limit));
    }

    @Override
    public Wait waited(Selection selection) {
        Where where = SelectionWhere.operations(
                new Selection(
                        List.of(),
                        selection.environments(),
                        selection.runs(),
                        selection.fromNanos(),
                        selection.toNanos(),
                        null,
                        selection.attributes()),
                book);
        return sql.list(
                        "SELECT coalesce(sum(path_weight * duration_us), 0), coalesce(sum(weight), 0),"
                                + " coalesce(sum(weight) FILTER (WHERE error), 0), count(*), count(*) - count(weight),"
                                + " coalesce(max(weight), 1) <> 1 OR coalesce(min(weight), 1) <> 1 FROM span_paths WHERE top AND "
                                + where.text(),
                        cells -> new Wait(
                                cells.real(), cells.real(), cells.real(), cells.number(), cells.number(), cells.flag()),
                        where.parameters())
                .get(0);
    }

    @Override
    public Span extent(Selection selection) {
        Where where = SelectionWhere.operations(selection, book);
        return sql.list(
                        "SELECT coalesce(min(start_us), 0), coalesce(max(start_us), 0) FROM span_paths WHERE "
                                + where.text(),
                        cells -> new Span(cells.number(), cells.number()),
                        where.parameters())
                .get(0);
    }

    @Override
    public List<FindingGroup> findings(Selection selection, @Nullable OperationRef operation, int limit) {
        Where where = SelectionWhere.operations(selection, book);
        if (operation != null) {
            String id = book.idsOf(List.of(operation));
            where.and("(operation IN (" + id + ") OR parent IN (" + id + "))");
        }
        return sql.list(
                "SELECT type, operation, parent, arg_max(detail, waste_us), sum(weight), sum(weight * waste_us) AS waste,"
                        + " arg_max(calls, waste_us), sum(weight * total_us), min(start_us), max(start_us), arg_max(trace_id, waste_us),"
                        + " arg_max(parent_span_id, waste_us), arg_max(span_ids, waste_us) FROM findings WHERE "
                        + where.text() + " GROUP BY type, operation, parent ORDER BY waste DESC, 1, 2, 3 LIMIT ?",
                cells -> new FindingGroup(
                        cells.text(),
                        operation(cells),
                        operation(cells),
                        cells.text(),
                        cells.real(),
                        cells.real(),
                        cells.integer(),
                        cells.real(),
                        cells.number(),
                        cells.number(),
                        cells.text(),
                        cells.text(),
                        List.of(cells.text().split(","))),
                where.parameters(limit));
    }

    private Where among(Selection selection, Collection<OperationRef> operations) {
        return SelectionWhere.operations(selection, book).and("operation IN (" + book.idsOf(operations) + ")");
    }

    private OperationRef operation(Cells cells) throws SQLException {
        return book.operation(cells.integer());
    }

    private static long micros(Cells cells) throws SQLException {
        return DurationBucket.micros(cells.integer());
    }
}
