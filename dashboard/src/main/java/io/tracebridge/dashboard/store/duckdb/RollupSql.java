/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store.duckdb;

import io.tracebridge.dashboard.store.TimeGrid;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Sources of figures: rows of windows that were summed up, and rows of spans in the same shape, to be added up. Text from outside is in parameters only.
 */
final class RollupSql {
    private static final String KEYS = "operation, environment, run_id, top";
    private static final String SPAN_FIGURES = KEYS
            + ", root, 1::BIGINT AS seen, (weight IS NOT NULL)::BIGINT AS known, weight, CASE WHEN error THEN weight END AS errors,"
            + " weight AS least, weight AS most, weight * duration_us AS total, weight * self_us AS self,"
            + " path_weight * critical_us AS critical, path_weight * duration_us AS wait, duration_us AS max_us,"
            + " start_us AS first_us, start_us AS last_us";
    private static final String FIGURES = KEYS
            + ", root, seen, known, weight, errors, least, most, total, self, critical, wait, max_us, first_us, last_us";
    private static final String SUMS =
            "sum(seen)::BIGINT, sum(known)::BIGINT, sum(weight), sum(errors), min(least), max(most),"
                    + " sum(total), sum(self), sum(critical), sum(wait), max(max_us), min(first_us), max(last_us)";

    /** Traces kept of each operation and window. */
    static final int EVIDENCE = 5;

    private final List<RollupCover.Piece> pieces;
    private final Where where;

    /**
     * Sources for a time.
     * @param where on operation, environment, run and top; not on time
     */
    RollupSql(List<RollupCover.Piece> pieces, Where where) {
        this.pieces = pieces;
        this.where = where;
    }

    /** A subquery with the columns of {@code rollup_figures}, to be added up. */
    String figures() {
        return union(piece -> piece.level() == null
                ? "SELECT " + SPAN_FIGURES + " FROM span_paths"
                : "SELECT " + FIGURES + " FROM rollup_figures");
    }

    /** The same with the slice of a grid. */
    String figures(TimeGrid grid) {
        return union(piece -> "SELECT "
                + (piece.level() == null
                        ? SPAN_FIGURES + ", " + slice("start_us", grid) + " FROM span_paths"
                        : FIGURES + ", " + slice("from_us", grid) + " FROM rollup_figures"));
    }

    /** A subquery with operation, bucket, weight and the slice of a grid, to be added up. */
    String durations(TimeGrid grid) {
        return union(piece -> "SELECT " + KEYS + ", bucket, weight, "
                + (piece.level() == null
                        ? slice("start_us", grid) + " FROM span_paths"
                        : slice("from_us", grid) + " FROM rollup_durations"));
    }

    /** A subquery with the columns of {@code rollup_evidence}, to be added up by trace. */
    String evidence() {
        return union(
                piece -> "SELECT operation, environment, run_id, trace_id, start_us, duration_us, critical_us FROM "
                        + (piece.level() == null ? "span_paths" : "rollup_evidence"));
    }

    /** A subquery with the starts of those spans that are in no window. */
    String spanTimes() {
        return pieces.stream()
                .filter(piece -> piece.level() == null)
                .map(piece -> "SELECT start_us FROM span_paths WHERE " + time(piece))
                .collect(Collectors.joining(" UNION ALL ", "(", ")"));
    }

    /** The slice of a grid that a time in microseconds is in, as a column. */
    static String slice(String column, TimeGrid grid) {
        return (grid.slices() == 1
                        ? "0"
                        : "((" + column + " - (" + grid.fromMicros() + ")) // " + grid.widthMicros() + ")::INTEGER")
                + " AS slice";
    }

    /** The parameters of a source, followed by these. */
    @Nullable
    Object[] parameters(@Nullable Object... more) {
        List<@Nullable Object> all = new ArrayList<>();
        for (int i = 0; i < pieces.size(); i++) {
            all.addAll(Arrays.asList(where.parameters()));
        }
        all.addAll(Arrays.asList(more));
        return all.toArray();
    }

    /** Sums up a window from this source: its figures. */
    String insertFigures(RollupCover.Window window) {
        return "INSERT INTO rollup_figures SELECT " + key(window)
                + ", operation, root, environment, run_id, top, " + SUMS + " FROM " + figures()
                + " GROUP BY operation, root, environment, run_id, top ORDER BY operation, root";
    }

    /** Sums up a window from this source: its durations. */
    String insertDurations(RollupCover.Window window) {
        return "INSERT INTO rollup_durations SELECT " + key(window) + ", " + KEYS + ", bucket, sum(weight) FROM "
                + durations(TimeGrid.whole()) + " WHERE weight > 0 GROUP BY " + KEYS
                + ", bucket ORDER BY operation, bucket";
    }

    /** Sums up a window from this source: the traces that waited longest. */
    String insertEvidence(RollupCover.Window window) {
        return "INSERT INTO rollup_evidence SELECT " + key(window)
                + ", operation, environment, run_id, trace_id, min(start_us), max(duration_us) AS longest, sum(critical_us) AS critical FROM "
                + evidence()
                + " WHERE critical_us > 0 GROUP BY operation, environment, run_id, trace_id QUALIFY row_number() OVER"
                + " (PARTITION BY operation, environment, run_id ORDER BY critical DESC, longest DESC, trace_id) <= "
                + EVIDENCE;
    }

    private static String key(RollupCover.Window window) {
        return window.level().number + ", " + window.fromMicros();
    }

    private interface Select {
        String of(RollupCover.Piece piece);
    }

    private String union(Select select) {
        return pieces.stream()
                .map(piece -> select.of(piece) + " WHERE " + time(piece) + " AND " + where.text())
                .collect(Collectors.joining(" UNION ALL ", "(", ")"));
    }

    private static String time(RollupCover.Piece piece) {
        String column = piece.level() == null ? "start_us" : "from_us";
        List<String> tests = new ArrayList<>();
        if (piece.level() != null) {
            tests.add("level = " + piece.level().number);
        }
        if (piece.fromMicros() != Long.MIN_VALUE) {
            tests.add(column + " >= " + piece.fromMicros());
        }
        if (piece.toMicros() != Long.MAX_VALUE) {
            tests.add(column + " < " + piece.toMicros());
        }
        return tests.isEmpty() ? "TRUE" : String.join(" AND ", tests);
    }
}
