/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.error;

import io.tracebridge.context.Failure;
import io.tracebridge.context.Origin;
import io.tracebridge.scrub.Scrubber;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What goes on an event: everything known about a failure and the place it came from, scrubbed. Thread-safe. */
final class ErrorDetails {
    private static final int MAX_CONTEXTS = 24;

    private final Scrubber scrubber;
    private final TraceKeeper keeper;
    private final @Nullable Supplier<@Nullable String> traceUrlTemplate;

    /**
     * Details.
     * @param traceUrlTemplate null when tracing is off: no trace is asked for and no link is given
     */
    ErrorDetails(Scrubber scrubber, TraceKeeper keeper, @Nullable Supplier<@Nullable String> traceUrlTemplate) {
        this.scrubber = scrubber;
        this.keeper = keeper;
        this.traceUrlTemplate = traceUrlTemplate;
    }

    /** The event of a report. Asks for the trace it belongs to, so it is to be called once for each event. */
    CapturedError of(Report report, Origin origin) {
        EventData data = new EventData(scrubber, origin);
        Throwable throwable = report.throwable();
        String errorType =
                throwable == null ? null : origin.errorType() == null ? errorType(throwable) : origin.errorType();
        Boolean kept = keep(report, origin, errorType);
        Map<String, String> tags = data.tags(errorType, kept);
        report.tags().forEach((key, value) -> data.tag(tags, key, value));
        Report.LogText log = report.log();
        return new CapturedError(
                throwable,
                log == null ? null : scrubber.text(log.formatted(), EventData.MAX_MESSAGE),
                log == null || log.template() == null ? null : scrubber.text(log.template(), EventData.MAX_MESSAGE),
                log == null ? List.of() : scrubbed(log.params()),
                log == null ? null : log.logger(),
                report.level(),
                report.handled(),
                report.mechanism(),
                report.time(),
                origin.threadName(),
                origin.traceId(),
                origin.spanId(),
                origin.parentSpanId(),
                kept,
                report.fingerprint().isEmpty() ? data.fingerprint(throwable, errorType) : report.fingerprint(),
                tags,
                contexts(report, origin, data, errorType, kept),
                data.breadcrumbs());
    }

    private static String errorType(Throwable throwable) {
        return Failure.unwrap(throwable) instanceof RebuiltThrowable rebuilt
                ? rebuilt.originalType()
                : Failure.errorType(throwable);
    }

    private Map<String, Map<String, Object>> contexts(
            Report report, Origin origin, EventData data, @Nullable String errorType, @Nullable Boolean kept) {
        Map<String, Map<String, Object>> contexts = new LinkedHashMap<>();
        putUnlessNull(contexts, "pipeline", data.pipeline());
        putUnlessNull(contexts, "ai", data.ai());
        if (report.throwable() != null && errorType != null) {
            contexts.put("error", data.error(report.throwable(), errorType));
        }
        String link = Boolean.FALSE.equals(kept) ? null : traceLink(origin);
        if (link != null) {
            contexts.put("trace_link", Map.of("url", link));
        }
        report.contexts().forEach((name, values) -> {
            if (contexts.size() < MAX_CONTEXTS) {
                contexts.putIfAbsent(name, data.context(values));
            }
        });
        return contexts;
    }

    private static void putUnlessNull(
            Map<String, Map<String, Object>> contexts, String name, @Nullable Map<String, Object> context) {
        if (context != null) {
            contexts.put(name, context);
        }
    }

    private List<String> scrubbed(List<String> params) {
        List<String> scrubbed = new ArrayList<>();
        for (String each : params.subList(0, Math.min(params.size(), 32))) {
            scrubbed.add(scrubber.text(each, 1_024));
        }
        return scrubbed;
    }

    private @Nullable Boolean keep(Report report, Origin origin, @Nullable String errorType) {
        String traceId = origin.traceId();
        if (traceId == null || traceUrlTemplate == null) {
            return null;
        }
        String type = errorType == null ? report.category() : errorType;
        return keeper.keep(traceId, report.keepReason(), type + "|" + (origin.step() == null ? "" : origin.step()));
    }

    private @Nullable String traceLink(Origin origin) {
        String template = traceUrlTemplate != null && origin.traceId() != null ? traceUrlTemplate.get() : null;
        return template == null
                ? null
                : template.replace("{traceId}", String.valueOf(origin.traceId()))
                        .replace("{spanId}", origin.spanId() == null ? "" : origin.spanId());
    }
}
