/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store;

import java.util.List;

/** Records with everything filled in that a test does not care about. */
public final class Records {
    /** 2026-01-01T00:00:00Z. */
    public static final long T0 = 1_767_225_600_000_000_000L;

    private Records() {}

    public static String traceId(long n) {
        return String.format("%032x", n);
    }

    public static String spanId(long n) {
        return String.format("%016x", n);
    }

    public static SpanRecord.Builder span(long trace, long span) {
        return SpanRecord.builder(traceId(trace), spanId(span))
                .service("shop")
                .name("GET /cart")
                .operation("GET /cart")
                .kind("server")
                .category("http")
                .startNanos(T0)
                .durationNanos(5_000_000)
                .sources(Source.OTLP);
    }

    public static EventRecord.Builder event(long id, String... groupingKeys) {
        return EventRecord.builder(String.format("%032x", id), new Grouping(1, List.of(groupingKeys), "{\"why\":1}"))
                .service("shop")
                .type("java.lang.IllegalStateException")
                .message("no stock")
                .timeNanos(T0)
                .sources(Source.SENTRY)
                .tags("{\"tool\":\"cart\"}")
                .payload("{\"event_id\":\"x\"}");
    }
}
