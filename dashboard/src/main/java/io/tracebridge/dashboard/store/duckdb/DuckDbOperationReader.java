/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store.duckdb;

import io.tracebridge.dashboard.store.DurationSums;
import io.tracebridge.dashboard.store.OperationFigures;
import io.tracebridge.dashboard.store.OperationReader;
import io.tracebridge.dashboard.store.OperationRef;
import io.tracebridge.dashboard.store.Selection;
import io.tracebridge.dashboard.store.TimeGrid;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Answers about operations, from narrow rows of numbers. */
final class DuckDbOperationReader implements OperationReader {
    /** More than there are buckets of durations. */
    private static final int MAX_BUCKETS = 4_096;

    private final Sql sql;
    private final OperationBook book;

    private final @Nullable RollupLevel longest;

    /**
     * Makes a reader.
     * @param longest windows of sums that are used; null for none
     */
    DuckDbOperationReader(Sql sql, OperationBook book, @Nullable RollupLevel longest) {
        this.sql = sql;
        this.book = book;
        this.longest = longest;
    }

    @Override
    public List<OperationFigures> totals(
            Selection selection, boolean onlyTop, @Nullable Collection<OperationRef> operations) {
        return answer(
                "SELECT operation, sum(seen)::BIGINT, (sum(seen) - sum(known))::BIGINT, coalesce(sum(weight), 0),"
                        + " coalesce(sum(errors), 0), coalesce(max(most), 1) <> 1 OR coalesce(min(least), 1) <> 1,"
                        + " coalesce(sum(total), 0), coalesce(sum(self), 0), sum(critical), max(max_us) FROM ",
                RollupSql::figures,
                " GROUP BY operation",
                cells -> new OperationFigures(
                        operation(cells),
                        cells.number(),
                        cells.number(),
                        cells.real(),
                        cells.real(),
                        cells.flag(),
                        cells.real(),
                        cells.real(),
                        cells.real(),
                        cells.number(),
                        0,
                        0,
                        0),
                selection,
                RollupLevel.DAY,
                where(selection, onlyTop, operations));
    }

    @Override
    public Map<OperationRef, DurationSums> durations(
            Selection selection, boolean onlyTop, @Nullable Collection<OperationRef> operations) {
        Map<OperationRef, DurationSums> sums = new HashMap<>();
        slices(selection, where(selection, onlyTop, operations), TimeGrid.whole(), 1)
                .forEach(slice -> sums.put(slice.operation(), slice.durations()));
        return sums;
    }

    @Override
    public List<Slice> slices(Selection selection, Collection<OperationRef> operations, TimeGrid grid, int step) {
        return slices(selection, where(selection, false, operations), grid, step);
    }

    /** Rows are many and small: ranking them here takes a third of the time that a window function takes. */
    private List<Slice> slices(Selection selection, Where where, TimeGrid grid, int step) {
        int slices = grid.slices();
        @Nullable DurationSums[] sums = new @Nullable DurationSums[(OperationBook.LIMIT + 1) * slices];
        // one number for both keys: groups are found in two thirds of the time
        String key = "(operation * " + slices + " + slice)::BIGINT * " + MAX_BUCKETS + " + bucket // " + step;
        answer(
                "SELECT " + key + " AS cell, sum(weight) FROM ",
                source -> source.durations(grid),
                " WHERE weight > 0 GROUP BY cell",
                cells -> {
                    long packed = cells.number();
                    int cell = (int) (packed / MAX_BUCKETS);
                    DurationSums sum = sums[cell];
                    if (sum == null) {
                        sum = new DurationSums();
                        sums[cell] = sum;
                    }
                    sum.add((int) (packed % MAX_BUCKETS) * step + step / 2, cells.real());
                    return sum;
                },
                selection,
                RollupLevel.within(grid.unitMicros()),
                where);
        List<Slice> found = new ArrayList<>();
        for (int cell = 0; cell < sums.length; cell++) {
            DurationSums sum = sums[cell];
            if (sum != null) {
                found.add(new Slice(book.operation(cell / slices), cell % slices, sum));
            }
        }
        return found;
    }

    @Override
    public Map<Integer, Double> errors(Selection selection, OperationRef operation, TimeGrid grid) {
        Map<Integer, Double> errors = new HashMap<>();
        answer(
                "SELECT slice, sum(errors) FROM ",
                source -> source.figures(grid),
                " WHERE errors > 0 GROUP BY slice",
                cells -> errors.put(cells.integer(), cells.real()),
                selection,
                RollupLevel.within(grid.unitMicros()),
                where(selection, false, List.of(operation)));
        return errors;
    }

    @Override
    public List<Calls> calls(Selection selection, TimeGrid grid) {
        return answer(
                "SELECT operation, slice, sum(weight), coalesce(sum(errors), 0), min(least) FROM ",
                source -> source.figures(grid),
                " WHERE weight > 0 GROUP BY operation, slice",
                cells -> new Calls(operation(cells), cells.integer(), cells.real(), cells.real(), cells.real()),
                selection,
                RollupLevel.within(grid.unitMicros()),
                where(selection, false, null));
    }

    private Where where(Selection selection, boolean onlyTop, @Nullable Collection<OperationRef> operations) {
        Where where = SelectionWhere.operations(timeless(selection), book);
        if (operations != null) {
            where.and("operation IN (" + book.idsOf(operations) + ")");
        }
        if (onlyTop) {
            where.and("top");
        }
        return where;
    }

    private static Selection timeless(Selection selection) {
        return selection.between(Long.MIN_VALUE, Long.MAX_VALUE);
    }

    private interface Source {
        String of(RollupSql sql);
    }

    /** One query over sums where there are some and over spans where not, as of one moment. */
    private <T> List<T> answer(
            String before,
            Source source,
            String after,
            Sql.Mapper<T> mapper,
            Selection selection,
            @Nullable RollupLevel fitting,
            Where where) {
        long from = SelectionWhere.micros(selection.fromNanos());
        long to = SelectionWhere.micros(selection.toNanos());
        // attributes are of traces and not in the sums
        RollupLevel most = longest != null && selection.attributes().isEmpty() ? fitting : null;
        return sql.snapshot(connection -> {
            List<RollupCover.Window> known = most == null ? List.of() : Rollups.visible(connection, from, to);
            RollupSql pieces = new RollupSql(RollupCover.of(from, to, known, most), where);
            return Sql.list(connection, before + source.of(pieces) + after, mapper, pieces.parameters());
        });
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
    public List<Blame> blames(Selection selection) {
        return answer(
                "SELECT operation, root, sum(critical) AS blame FROM ",
                RollupSql::figures,
                " WHERE critical > 0 GROUP BY operation, root HAVING blame > 0 ORDER BY blame DESC",
                cells -> new Blame(operation(cells), operation(cells), cells.real()),
                selection,
                RollupLevel.DAY,
                where(selection, false, null));
    }

    @Override
    public List<Evidence> evidence(Selection selection, OperationRef operation, Order order, long micros, int limit) {
        String rank = switch (order) {
            case CRITICAL -> "critical DESC, longest DESC";
            case SLOWEST -> "longest DESC";
            case TYPICAL -> "abs(longest - " + micros + ")";
            case NEWEST, NEWEST_ERROR -> "start DESC";
        };
        Where where = where(selection, false, List.of(operation));
        if (order == Order.NEWEST_ERROR) {
            where.and("error");
        }
        return answer(
                "SELECT trace_id, min(start_us) AS start, max(duration_us) AS longest, sum(critical_us)::BIGINT AS critical FROM ",
                RollupSql::evidence,
                " GROUP BY trace_id ORDER BY " + rank + ", trace_id LIMIT " + limit,
                cells -> new Evidence(cells.text(), cells.number(), cells.number(), cells.number()),
                selection,
                order == Order.CRITICAL && limit <= RollupSql.EVIDENCE ? RollupLevel.DAY : null,
                where);
    }

    @Override
    public Wait waited(Selection selection) {
        Selection everyService = new Selection(
                List.of(),
                selection.environments(),
                selection.runs(),
                selection.fromNanos(),
                selection.toNanos(),
                null,
                selection.attributes());
        return answer(
                        "SELECT coalesce(sum(wait), 0), coalesce(sum(weight), 0), coalesce(sum(errors), 0),"
                                + " coalesce(sum(seen), 0)::BIGINT, coalesce(sum(seen) - sum(known), 0)::BIGINT,"
                                + " coalesce(max(most), 1) <> 1 OR coalesce(min(least), 1) <> 1 FROM ",
                        RollupSql::figures,
                        "",
                        cells -> new Wait(
                                cells.real(), cells.real(), cells.real(), cells.number(), cells.number(), cells.flag()),
                        everyService,
                        RollupLevel.DAY,
                        where(everyService, true, null))
                .get(0);
    }

    @Override
    public Span extent(Selection selection) {
        return answer(
                        "SELECT coalesce(min(first_us), 0), coalesce(max(last_us), 0) FROM ",
                        RollupSql::figures,
                        "",
                        cells -> new Span(cells.number(), cells.number()),
                        selection,
                        RollupLevel.DAY,
                        where(selection, false, null))
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
                // traces of unknown weight stand for nobody knows how many: their own times are told, not zero
                "SELECT type, operation, parent, arg_max(detail, waste_us), sum(weight),"
                        + " if(sum(weight) > 0, sum(weight * waste_us), avg(waste_us)) AS waste, arg_max(calls, waste_us),"
                        + " if(sum(weight) > 0, sum(weight * total_us), avg(total_us)), min(start_us), max(start_us), arg_max(trace_id, waste_us),"
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

    @Override
    public List<FindingSlice> findingSlices(Selection selection, TimeGrid grid) {
        Where where = SelectionWhere.operations(selection, book);
        return sql.list(
                "SELECT type, operation, parent, " + RollupSql.slice("start_us", grid)
                        + ", sum(weight) FROM findings WHERE " + where.text() + " GROUP BY ALL",
                cells -> new FindingSlice(
                        cells.text(), operation(cells), operation(cells), cells.integer(), cells.real()),
                where.parameters());
    }

    private Where among(Selection selection, Collection<OperationRef> operations) {
        return SelectionWhere.operations(selection, book).and("operation IN (" + book.idsOf(operations) + ")");
    }

    private OperationRef operation(Cells cells) throws SQLException {
        return book.operation(cells.integer());
    }
}
