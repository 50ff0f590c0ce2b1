/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.query;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The operations of one trace, the one that was waited for longest first.
 * @since 0.1
 */
public final class TraceBreakdown {
    private TraceBreakdown() {}

    /** One operation in one service; {@code op} and {@code svc} are indexes of the trace's dictionaries. */
    public record Row(
            int op,
            int svc,
            int count,
            double totalMs,
            double selfMs,
            double criticalMs,
            double share,
            double averageMs,
            double p95Ms,
            double maxMs,
            int errors) {}

    private static final class Sum {
        private final Durations durations = new Durations();
        private int service;
        private int count;
        private int errors;
        private long total;
        private long self;
        private long critical;
    }

    static List<Row> of(AnalysedTrace trace, TraceColumns columns) {
        Map<Integer, Sum> sums = new LinkedHashMap<>();
        for (int i = 0; i < trace.tree.size; i++) {
            Sum sum = sums.computeIfAbsent(columns.operations[i], unused -> new Sum());
            sum.service = columns.services[i];
            sum.count++;
            sum.errors += TraceDetails.failed(trace.span(i)) ? 1 : 0;
            sum.total += columns.durations[i];
            sum.self += trace.path.self[i];
            sum.critical += trace.path.critical[i];
            sum.durations.add(columns.durations[i], 1);
        }
        List<Row> rows = new ArrayList<>();
        sums.forEach((operation, sum) -> rows.add(new Row(
                operation,
                sum.service,
                sum.count,
                Units.millis(sum.total),
                Units.millis(sum.self),
                Units.millis(sum.critical),
                Units.share(sum.critical, trace.path.waitMicros),
                Units.millis((double) sum.total / sum.count),
                Units.millis(sum.durations.percentile(0.95)),
                Units.millis(sum.durations.max()),
                sum.errors)));
        rows.sort(Comparator.comparingDouble(Row::criticalMs)
                .thenComparingDouble(Row::totalMs)
                .reversed());
        return rows;
    }
}
