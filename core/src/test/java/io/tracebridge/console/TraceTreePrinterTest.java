/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.sdk.testing.trace.TestSpanData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TraceTreePrinterTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final TraceTreePrinter printer = new TraceTreePrinter(new PrintStream(bytes, true, StandardCharsets.UTF_8));

    private static SpanData span(int id, int parent, String name, long start, long nanos, StatusData status) {
        return TestSpanData.builder()
                .setSpanContext(SpanContext.create(
                        TRACE, String.format("%016x", id), TraceFlags.getSampled(), TraceState.getDefault()))
                .setParentSpanContext(
                        parent == 0
                                ? SpanContext.getInvalid()
                                : SpanContext.create(
                                        TRACE,
                                        String.format("%016x", parent),
                                        TraceFlags.getSampled(),
                                        TraceState.getDefault()))
                .setName(name)
                .setKind(SpanKind.INTERNAL)
                .setStartEpochNanos(start)
                .setEndEpochNanos(start + nanos)
                .setStatus(status)
                .setAttributes(
                        status.equals(StatusData.unset())
                                ? Attributes.empty()
                                : Attributes.of(AttributeKey.stringKey("error.type"), "com.acme.Bug"))
                .setHasEnded(true)
                .build();
    }

    private String printed(List<SpanData> spans) {
        bytes.reset();
        printer.export(spans);
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void trace_isPrintedAsATree_childrenByStart() {
        String text = printed(List.of(
                span(3, 1, "tool.layout", 200, 5_000_000, StatusData.error()),
                span(2, 1, "brain.makeDecision", 100, 852_000, StatusData.unset()),
                span(4, 3, "grid.place", 210, 1_000, StatusData.unset()),
                span(1, 0, "generation.generateScene", 0, 1_440_000_000, StatusData.unset())));
        assertThat(text.lines().map(line -> line.replaceAll("  +", "|")))
                .containsExactly(
                        "[tracebridge] trace " + TRACE,
                        "|generation.generateScene|1.44 s",
                        "|brain.makeDecision|852 µs",
                        "|tool.layout|5.0 ms|ERROR com.acme.Bug",
                        "|grid.place|1 µs");
        assertThat(text).contains("\n      grid.place").contains("\n    tool.layout");
    }

    @Test
    void selfParentAndCycle_endThePrinting() {
        assertThat(printed(List.of(span(1, 1, "self", 0, 1, StatusData.unset()))))
                .contains("self");
        assertThat(printed(
                        List.of(span(1, 2, "a", 0, 1, StatusData.unset()), span(2, 1, "b", 0, 1, StatusData.unset()))))
                .contains("2 more spans");
    }

    @Test
    void hugeTrace_isCut_andTheRestCounted() {
        List<SpanData> spans = new ArrayList<>();
        spans.add(span(1, 0, "root", 0, 1, StatusData.unset()));
        for (int i = 2; i <= 1_000; i++) {
            spans.add(span(i, 1, "child", i, 1, StatusData.unset()));
        }
        assertThat(printed(spans).lines()).hasSize(202).last().asString().contains("800 more spans");
    }

    @Test
    void escapeSequences_reachNoTerminal() {
        assertThat(printed(List.of(span(1, 0, "evil\u001b[2J\r\nname\u202e", 0, 1, StatusData.unset()))))
                .doesNotContain("\u001b", "\r", "\u202e")
                .contains("evil [2J  name");
    }

    @ParameterizedTest
    @CsvSource({"0, 0 µs", "54900000, 54.9 ms", "440000000, 440 ms", "125000000000, 2 m 05 s", "-5, 0 µs"})
    void duration_isShort(long nanos, String text) {
        assertThat(TerminalText.duration(nanos)).isEqualTo(text);
    }
}
