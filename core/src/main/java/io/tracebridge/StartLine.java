/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge;

import io.tracebridge.settings.Settings;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one line that start logs: what is on, where to, what is missing. No secret in it. */
final class StartLine {
    private static final AtomicBoolean FAILED = new AtomicBoolean();

    private StartLine() {}

    /** @param destinations where data goes, as known now */
    static String of(Settings settings, String destinations) {
        return "Tracebridge for " + settings.serviceName() + " in " + settings.environment() + ": " + tracing(settings)
                + "; " + destinations;
    }

    private static String tracing(Settings settings) {
        if (settings.sdkDisabled()) {
            return "tracing off (OTEL_SDK_DISABLED)";
        }
        if (!settings.tracing()) {
            return "tracing off (ENABLE_TRACING=true switches it on)";
        }
        String rate = settings.foreignSampler()
                ? "by the sampler in OTEL_TRACES_SAMPLER"
                : String.format(Locale.ROOT, "%.4g %%", settings.samplingRate() * 100)
                        .replaceFirst("\\.?0+ %", " %");
        return "tracing on, " + rate + " of ordinary traces and all with errors are kept";
    }

    /** That there is no bridge, and why, once; a library that is too old is by far the likeliest cause. */
    static void failed(Throwable cause) {
        Logger log = LoggerFactory.getLogger("io.tracebridge");
        String line =
                "Tracebridge could not start, the application runs without it: {}. Older libraries on the class path than its README names?";
        if (FAILED.compareAndSet(false, true)) {
            log.error(line, cause.toString(), cause);
        } else {
            log.debug(line, cause.toString(), cause);
        }
    }

    /** Where errors and traces go when settings say so. */
    static String destinations(Settings settings) {
        List<String> parts = new ArrayList<>();
        String dsn = settings.dsn();
        if (dsn == null) {
            parts.add("no SENTRY_DSN, so errors are not sent");
        } else {
            URI uri = URI.create(dsn);
            parts.add("errors and transactions go to " + uri.getHost() + uri.getPath());
        }
        if (settings.tracing()) {
            if (settings.otlpEndpoint() != null) {
                parts.add("traces go to " + settings.otlpEndpoint());
            } else if (settings.otelExporter()) {
                parts.add("traces go where OTEL_* settings say");
            } else if (dsn != null) {
                parts.add("no OTLP_ENDPOINT, so traces go to Sentry alone");
            } else {
                parts.add("no OTLP_ENDPOINT, so traces go nowhere");
            }
        }
        return String.join("; ", parts);
    }
}
