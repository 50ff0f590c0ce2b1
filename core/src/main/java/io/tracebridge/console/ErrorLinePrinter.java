/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.console;

import io.tracebridge.error.CapturedError;
import io.tracebridge.error.ErrorBreadcrumb;
import io.tracebridge.error.ErrorSink;
import io.tracebridge.error.StructuredLog;
import java.io.PrintStream;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Prints one line for each captured error, with the step that failed and where to see its trace, then passes it on.
 * For development only.
 *
 * <p>Thread-safe.
 */
public final class ErrorLinePrinter implements ErrorSink {
    private final ErrorSink next;
    private final PrintStream out;
    private final Supplier<@Nullable String> urlTemplate;

    /** @param urlTemplate with {@code {traceId}} and {@code {spanId}}; gives null while there is nothing to link to */
    public ErrorLinePrinter(ErrorSink next, PrintStream out, Supplier<@Nullable String> urlTemplate) {
        this.next = next;
        this.out = out;
        this.urlTemplate = urlTemplate;
    }

    @Override
    public String send(CapturedError error) {
        String eventId = next.send(error);
        out.println(line(error));
        return eventId;
    }

    @Override
    public void breadcrumb(ErrorBreadcrumb breadcrumb) {
        next.breadcrumb(breadcrumb);
    }

    @Override
    public boolean takesLogs() {
        return next.takesLogs();
    }

    @Override
    public void log(StructuredLog line) {
        next.log(line);
    }

    private String line(CapturedError error) {
        StringBuilder line = new StringBuilder("[tracebridge] ").append(error.level());
        String type = error.tags().get("error_type");
        if (type == null) {
            type = error.throwable() == null
                    ? "message"
                    : error.throwable().getClass().getName();
        }
        line.append(' ').append(type);
        append(line, " in ", error.tags().get("step"));
        append(line, " of ", error.tags().get("pipeline"));
        String template = urlTemplate.get();
        if (error.traceId() != null) {
            String spanId = error.spanId() == null ? "" : error.spanId();
            String where = template == null
                    ? "trace " + error.traceId()
                    : template.replace("{traceId}", error.traceId()).replace("{spanId}", spanId);
            append(line, " · ", where);
        }
        return TerminalText.plain(line.toString());
    }

    private static void append(StringBuilder line, String before, @Nullable String value) {
        if (value != null && !value.isEmpty()) {
            line.append(before).append(value);
        }
    }
}
