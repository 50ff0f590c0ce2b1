/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.console;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.io.PrintStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Prints each finished trace as an indented tree, at most {@value #MAX_LINES} spans of it. Expects one call for each
 * local trace; the spans are scrubbed already. For development only.
 */
public final class TraceTreePrinter implements SpanExporter {
    private static final int MAX_LINES = 200;
    private static final int NAME_WIDTH = 44;
    private static final AttributeKey<String> ERROR_TYPE = AttributeKey.stringKey("error.type");

    private final PrintStream out;

    public TraceTreePrinter(PrintStream out) {
        this.out = out;
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
        if (!spans.isEmpty()) {
            out.print(tree(spans));
        }
        return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode flush() {
        out.flush();
        return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode shutdown() {
        return flush();
    }

    private static String tree(Collection<SpanData> spans) {
        Set<String> present = new HashSet<>();
        spans.forEach(span -> present.add(span.getSpanId()));
        Map<String, List<SpanData>> children = new HashMap<>();
        List<SpanData> roots = new ArrayList<>();
        for (SpanData span : spans) {
            boolean known = present.contains(span.getParentSpanId())
                    && !span.getParentSpanId().equals(span.getSpanId());
            (known ? children.computeIfAbsent(span.getParentSpanId(), id -> new ArrayList<>()) : roots).add(span);
        }
        StringBuilder text = new StringBuilder("[tracebridge] trace ")
                .append(spans.iterator().next().getTraceId())
                .append(System.lineSeparator());
        Deque<Line> open = new ArrayDeque<>();
        push(open, roots, 1);
        int lines = 0;
        while (!open.isEmpty() && lines < MAX_LINES) {
            Line line = open.pop();
            text.append(line.text()).append(System.lineSeparator());
            lines++;
            push(open, children.getOrDefault(line.span().getSpanId(), List.of()), line.depth() + 1);
        }
        if (lines < spans.size()) {
            text.append("  … ")
                    .append(spans.size() - lines)
                    .append(" more spans")
                    .append(System.lineSeparator());
        }
        return text.toString();
    }

    private static void push(Deque<Line> open, List<SpanData> siblings, int depth) {
        siblings.stream()
                .sorted(Comparator.comparingLong(SpanData::getStartEpochNanos).reversed())
                .forEach(span -> open.push(new Line(span, depth)));
    }

    private record Line(SpanData span, int depth) {
        String text() {
            String name = "  ".repeat(Math.min(depth, 20)) + TerminalText.plain(span.getName());
            StringBuilder line = new StringBuilder(name);
            line.append(" ".repeat(Math.max(1, NAME_WIDTH - name.length())));
            line.append(TerminalText.duration(span.getEndEpochNanos() - span.getStartEpochNanos()));
            if (span.getStatus().getStatusCode() == StatusCode.ERROR) {
                line.append("  ERROR");
                append(line, span.getAttributes().get(ERROR_TYPE));
                append(line, span.getStatus().getDescription());
            }
            return line.toString();
        }

        private static void append(StringBuilder line, @Nullable String part) {
            if (part != null && !part.isEmpty()) {
                line.append(' ').append(TerminalText.plain(part));
            }
        }
    }
}
