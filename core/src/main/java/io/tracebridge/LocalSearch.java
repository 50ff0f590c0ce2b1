/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge;

import io.tracebridge.console.TraceTreePrinter;
import io.tracebridge.delivery.LocalBackend;
import io.tracebridge.delivery.Outbox;
import io.tracebridge.delivery.PendingOutbox;
import io.tracebridge.metrics.Accounting;
import io.tracebridge.otlp.SpoolingSenders;
import io.tracebridge.sdk.LocalExport;
import io.tracebridge.sentry.SentryDestination;
import io.tracebridge.settings.Settings;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Looks for a backend on this machine when tracing is on and nobody said where to: the dashboard takes errors and
 * traces, a collector traces, and without either each finished trace is printed. Looks once, on a thread of its own;
 * until then everything waits in memory, bounded.
 */
final class LocalSearch {
    private static final String HOST = "http://127.0.0.1:";

    /** Where backends of this machine listen. */
    record Ports(int dashboard, int collector) {
        static final Ports USUAL = new Ports(LocalBackend.DASHBOARD_PORT, LocalBackend.COLLECTOR_PORT);
    }

    private final Ports ports;
    private final LocalExport export;
    private final PendingOutbox outbox;
    private volatile @Nullable SentryDestination asked;
    private volatile @Nullable LocalBackend found;

    private LocalSearch(Ports ports, SpoolingSenders senders, Accounting accounting) {
        this.ports = ports;
        export = new LocalExport(senders, accounting);
        outbox = new PendingOutbox(accounting);
    }

    /** Null when the destination is known, when there is nothing to send, or when looking is not wanted. */
    static @Nullable LocalSearch of(Settings settings, Ports ports, SpoolingSenders senders, Accounting accounting) {
        boolean wanted = settings.tracing()
                && settings.local()
                && !settings.production()
                && settings.dsn() == null
                && settings.otlpEndpoint() == null
                && !settings.otelExporter();
        return wanted ? new LocalSearch(ports, senders, accounting) : null;
    }

    String dsn() {
        return HOST.replace("//", "//tracebridge@") + ports.dashboard() + "/1";
    }

    private String dashboard() {
        return HOST + ports.dashboard();
    }

    private String collector() {
        return HOST + ports.collector();
    }

    static String traceUrlTemplate(String dashboard) {
        return dashboard + "/traces/{traceId}?span={spanId}";
    }

    LocalExport export() {
        return export;
    }

    Outbox outbox(SentryDestination destination) {
        asked = destination;
        return outbox;
    }

    /** Where events link to; null until the dashboard was found. */
    @Nullable
    String traceUrlTemplate() {
        return found == LocalBackend.DASHBOARD ? traceUrlTemplate(dashboard()) : null;
    }

    /**
     * Looks and decides, on a daemon thread.
     * @param open opens delivery's door of a destination
     * @param afterwards runs when it is decided, with what to say about it
     */
    void start(Function<SentryDestination, Outbox> open, Consumer<String> afterwards) {
        Thread thread = new Thread(
                () -> {
                    LocalBackend answer = LocalBackend.find(ports.dashboard(), ports.collector());
                    decide(answer, open);
                    afterwards.accept(describe(answer));
                },
                "tracebridge-local");
        thread.setDaemon(true);
        thread.start();
    }

    private void decide(LocalBackend answer, Function<SentryDestination, Outbox> open) {
        found = answer;
        SentryDestination sentry = asked;
        boolean dashboard = answer == LocalBackend.DASHBOARD;
        outbox.decide(dashboard && sentry != null ? open.apply(sentry) : null);
        switch (answer) {
            case DASHBOARD -> export.toOtlp(dashboard());
            case COLLECTOR -> export.toOtlp(collector());
            case NONE -> export.toTerminal(new TraceTreePrinter(System.err));
        }
    }

    private String describe(LocalBackend answer) {
        return switch (answer) {
            case DASHBOARD -> "errors and traces go to the dashboard at " + dashboard();
            case COLLECTOR ->
                "traces go to the collector at " + collector() + "; no SENTRY_DSN, so errors are not sent";
            case NONE -> "no backend on this machine: traces are printed; no SENTRY_DSN, so errors are not sent";
        };
    }
}
