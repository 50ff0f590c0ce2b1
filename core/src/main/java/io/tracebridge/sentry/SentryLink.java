/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sentry;

import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.sentry.Hint;
import io.sentry.Sentry;
import io.sentry.SentryEvent;
import io.sentry.SentryOptions;
import io.sentry.protocol.SentryId;
import io.tracebridge.error.CapturedError;
import io.tracebridge.error.ErrorBreadcrumb;
import io.tracebridge.error.StructuredLog;
import io.tracebridge.error.TraceKeeper;
import io.tracebridge.metrics.Accounting;
import io.tracebridge.metrics.DropReason;
import io.tracebridge.settings.Settings;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What {@link SentryBridge} does when Sentry is there; apart from it, so that the bridge loads without Sentry. */
final class SentryLink {
    private final SentryOwner owner;
    private final Accounting accounting;
    private final Map<String, String> resource;
    private final EventWriter writer;
    private final ModulesOnce modules = new ModulesOnce();
    private final LossReports losses;
    private final SpanExporter exporter;
    private final TextMapPropagator propagator;

    SentryLink(
            Settings settings,
            Texts texts,
            Accounting accounting,
            OutboxFactory outboxes,
            TraceKeeper keeper,
            @Nullable Consumer<SentryOptions> callback) {
        this.accounting = accounting;
        HeadContexts heads = new HeadContexts();
        TraceContexts headers = new TraceContexts(heads);
        resource = resource(settings);
        writer = new EventWriter(resource, settings.tracing() ? settings.traceUrlTemplate() : null);
        owner = new SentryOwner(
                settings,
                new SpoolingTransportFactory(outboxes, accounting, texts),
                options -> new ForeignEvents(options, writer, ForeignFailures.OF_RUNTIME, keeper, accounting, modules),
                callback == null ? options -> {} : callback,
                (options, transport, processor) ->
                        Parts.install(options, transport, processor, texts, headers, accounting));
        losses = new LossReports(accounting);
        exporter = new SentrySpanExporter(owner, accounting, losses, headers);
        propagator = new SentryPropagator(owner, heads, settings.samplingRate());
    }

    private static Map<String, String> resource(Settings settings) {
        String instance = settings.instanceId();
        return instance == null
                ? Map.of("service.name", settings.serviceName())
                : Map.of("service.name", settings.serviceName(), "service.instance.id", instance);
    }

    void start() {
        owner.start();
        SentryOptions options = owner.ready();
        if (options != null && !options.isSendModules()) {
            modules.prepare(options);
        }
    }

    boolean active() {
        return owner.ready() != null;
    }

    String send(CapturedError error) {
        if (owner.ready() == null) {
            return "";
        }
        SentryEvent event = writer.write(error);
        SentryId id = Sentry.captureEvent(event, new Carried(null, 0, true).put(new Hint()));
        if (id.equals(SentryId.EMPTY_ID)) {
            accounting.dropped(DropReason.CALLBACK); // a filter, a processor or a callback of the application
            return "";
        }
        return id.toString();
    }

    void breadcrumb(ErrorBreadcrumb breadcrumb) {
        if (owner.ready() != null) {
            Sentry.addBreadcrumb(EventWriter.breadcrumb(breadcrumb));
        }
    }

    boolean takesLogs() {
        SentryOptions options = owner.ready();
        return options != null && options.getLogs().isEnabled();
    }

    void log(StructuredLog line) {
        if (takesLogs()) {
            LogLines.send(line, resource);
        }
    }

    SpanExporter spanExporter() {
        return exporter;
    }

    TextMapPropagator textMapPropagator() {
        return propagator;
    }

    void lost(DropReason reason, Map<String, Integer> quantities) {
        SentryOptions options = owner.ready();
        if (options != null) {
            LossReports.lost(options, reason, quantities);
        }
    }

    void flush(Duration timeout) {
        SentryOptions options = owner.ready();
        if (options != null) {
            losses.report(options);
            Sentry.flush(Math.max(0, timeout.toMillis()));
        }
    }

    void close(Duration timeout) {
        long start = System.nanoTime();
        flush(timeout.dividedBy(2));
        Duration left = timeout.minusNanos(System.nanoTime() - start);
        owner.close(left.isNegative() ? Duration.ZERO : left);
    }
}
