/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.query;

import io.tracebridge.dashboard.store.Admission;
import io.tracebridge.dashboard.store.SpanRecord;
import io.tracebridge.dashboard.store.SpanStatus;
import io.tracebridge.dashboard.store.Store;
import io.tracebridge.dashboard.store.duckdb.DuckDbOptions;
import io.tracebridge.dashboard.store.duckdb.DuckDbStore;
import java.util.List;

/** A store in memory with its analysis, and short ways to fill it. */
final class Population implements AutoCloseable {
    /** 2026-01-01T00:00:00Z in milliseconds. */
    static final long T0 = 1_767_225_600_000L;

    final Store store = DuckDbStore.open(new DuckDbOptions(null, 512L << 20, 64 << 20, "run-1"));
    final AnalysisLoop analysis =
            new AnalysisLoop(store.analysis(), new TraceAnalyzer(Thresholds.DEFAULT), System::currentTimeMillis);

    Population() {
        analysis.start();
    }

    static String traceId(long n) {
        return String.format("%032x", n);
    }

    static String spanId(long n) {
        return String.format("%016x", n);
    }

    /** A span; times in milliseconds, the start after {@link #T0}. */
    static SpanRecord.Builder span(long trace, long span, long parent, String operation, long from, long millis) {
        return SpanRecord.builder(traceId(trace), spanId(span))
                .parentId(parent == 0 ? null : spanId(parent))
                .service("shop")
                .environment("dev")
                .runId("run-1")
                .name(operation)
                .operation(operation)
                .kind(parent == 0 ? "server" : "internal")
                .category(parent == 0 ? "http" : "code")
                .startNanos((T0 + from) * 1_000_000)
                .durationNanos(millis * 1_000_000)
                .status(SpanStatus.OK)
                .weight(1.0);
    }

    void put(SpanRecord... spans) {
        put(List.of(spans));
    }

    void put(List<? extends io.tracebridge.dashboard.store.StoreRecord> records) {
        if (store.intake().offer(records) != Admission.ACCEPTED) {
            throw new AssertionError("refused");
        }
    }

    /** Waits until everything is written and analysed. */
    void settle() {
        store.flush();
        analysis.settle();
    }

    @Override
    public void close() {
        analysis.close();
        store.close();
    }
}
