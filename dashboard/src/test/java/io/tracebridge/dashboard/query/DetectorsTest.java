/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.query;

import static io.tracebridge.dashboard.query.Population.span;
import static org.assertj.core.api.Assertions.assertThat;

import io.tracebridge.dashboard.store.SpanFacts;
import io.tracebridge.dashboard.store.SpanRecord;
import io.tracebridge.dashboard.store.SpanStatus;
import io.tracebridge.dashboard.store.StoredSpan;
import io.tracebridge.dashboard.store.TraceFinding;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What detectors find, and what they leave alone. */
class DetectorsTest {
    private final List<SpanRecord> spans = new ArrayList<>();

    @BeforeEach
    void root() {
        spans.add(span(1, 1, 0, "POST /", 0, 10_000).build());
    }

    @Test
    void similarQueriesInARow_areAnNPlusOne() {
        queries(5, 12, 12);
        TraceFinding finding = find().get(0);
        assertThat(finding.type()).isEqualTo("n_plus_one");
        assertThat(finding.calls()).isEqualTo(5);
        assertThat(finding.totalMicros()).isEqualTo(60_000);
        assertThat(finding.wasteMicros()).isEqualTo(48_000);
        assertThat(finding.spanIds()).hasSize(5);
    }

    @Test
    void fewShortOrParallelQueries_areNone() {
        queries(4, 100, 100);
        assertThat(find()).isEmpty();
        spans.subList(1, spans.size()).clear();
        queries(5, 9, 9);
        assertThat(find()).isEmpty();
        spans.subList(1, spans.size()).clear();
        queries(10, 100, 50);
        assertThat(find()).isEmpty();
    }

    @Test
    void aiCallsWithNothingBetween_couldRunSideBySide() {
        ai(2, 0, 800, SpanStatus.OK);
        ai(3, 810, 700, SpanStatus.OK);
        ai(4, 1_520, 900, SpanStatus.OK);
        TraceFinding finding = find().get(0);
        assertThat(finding.type()).isEqualTo("serial_ai_calls");
        assertThat(finding.wasteMicros()).isEqualTo(1_500_000);
    }

    @Test
    void aiCallsAroundATool_dependOnEachOther() {
        ai(2, 0, 800, SpanStatus.OK);
        spans.add(span(1, 3, 1, "tool.search", 800, 100).build());
        ai(4, 900, 900, SpanStatus.OK);
        assertThat(find()).isEmpty();
    }

    @Test
    void failingAttempts_areARetryStorm_andNoSerialCalls() {
        ai(2, 0, 400, SpanStatus.ERROR);
        ai(3, 500, 400, SpanStatus.ERROR);
        ai(4, 1_000, 900, SpanStatus.OK);
        List<TraceFinding> findings = find();
        assertThat(findings).hasSize(1);
        assertThat(findings.get(0).type()).isEqualTo("retry_storm");
        assertThat(findings.get(0).calls()).isEqualTo(3);
        assertThat(findings.get(0).detail()).isEqualTo("529");
        // from the first attempt to the last: what a first success would have saved
        assertThat(findings.get(0).wasteMicros()).isEqualTo(1_000_000);
    }

    @Test
    void aSingleRetry_isNone() {
        ai(2, 0, 400, SpanStatus.ERROR);
        ai(3, 500, 400, SpanStatus.OK);
        assertThat(find()).isEmpty();
    }

    @Test
    void thresholds_comeFromTheEnvironment_andBadOnesAreIgnored() {
        Thresholds own = Thresholds.from(name ->
                name.equals("TRACEBRIDGE_RETRY_ATTEMPTS") ? "2" : name.equals("TRACEBRIDGE_SLOW_MS") ? "x" : null);
        assertThat(own.attempts()).isEqualTo(2);
        assertThat(own.slowMillis()).isEqualTo(1_000);
        ai(2, 0, 400, SpanStatus.ERROR);
        ai(3, 500, 400, SpanStatus.OK);
        assertThat(new Detectors(own).find(trace())).hasSize(1);
    }

    private void queries(int count, long millis, long step) {
        for (int i = 0; i < count; i++) {
            spans.add(span(1, 10 + i, 1, "SELECT asset", i * step, millis)
                    .category("db")
                    .kind("client")
                    .build());
        }
    }

    private void ai(long id, long from, long millis, SpanStatus status) {
        spans.add(span(1, id, 1, "ai.generateText", from, millis)
                .category("ai")
                .kind("client")
                .status(status)
                .errorType(status == SpanStatus.ERROR ? "529" : null)
                .attributes("{\"gen_ai.operation.name\":\"chat\",\"gen_ai.request.model\":\"m\"}")
                .build());
    }

    private AnalysedTrace trace() {
        return AnalysedTrace.of(spans.stream()
                .map(span -> SpanFacts.of(new StoredSpan(span, 1)))
                .toList());
    }

    private List<TraceFinding> find() {
        return new Detectors(Thresholds.DEFAULT).find(trace());
    }
}
