/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store;

import java.util.List;

/**
 * Questions about log lines. Who needs another answer adds a method here and its SQL in the engine's class of the same name.
 *
 * <p>Thread-safe; each call is one query on a read connection and may take milliseconds.
 * @since 0.1
 */
public interface LogReader {
    /** Log lines that pass the filter, newest first. */
    List<LogRecord> logs(Filter filter, int limit, int offset);

    /** Log lines with their rows, newest first. */
    List<Line> lines(LogQuery query, int limit);

    /** The most frequent values of a column: {@code level}, {@code logger}, {@code thread} or {@code service}. */
    List<Facet> facet(LogQuery query, String column, int limit);

    /** Lines by level in equal slices of the selection, which must have both ends. */
    List<Slice> slices(LogQuery query, int slices);

    /** The oldest and newest line in the selection, Unix nanoseconds; zeros when there is none. */
    long[] extent(LogQuery query);

    /** A line with the number of its row, which names it as long as the server runs. */
    record Line(long row, LogRecord log) {}

    /** How often a value occurs. */
    record Facet(String value, long count) {}

    /** Lines of one level in one slice. */
    record Slice(int slice, String level, long count) {}

    /** Log lines of a trace, oldest first. */
    List<LogRecord> logsOfTrace(String traceId, int limit);
}
