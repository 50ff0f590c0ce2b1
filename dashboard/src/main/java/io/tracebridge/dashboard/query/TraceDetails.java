/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.query;

import com.fasterxml.jackson.databind.JsonNode;
import io.tracebridge.dashboard.query.Findings.Example;
import io.tracebridge.dashboard.query.TraceColumns.Flag;
import io.tracebridge.dashboard.store.AiCall;
import io.tracebridge.dashboard.store.LogRecord;
import io.tracebridge.dashboard.store.OperationReader.Sample;
import io.tracebridge.dashboard.store.OperationRef;
import io.tracebridge.dashboard.store.Selection;
import io.tracebridge.dashboard.store.SpanFacts;
import io.tracebridge.dashboard.store.SpanStatus;
import io.tracebridge.dashboard.store.Store;
import io.tracebridge.dashboard.store.StoredEvent;
import io.tracebridge.dashboard.store.TraceFinding;
import io.tracebridge.dashboard.store.TraceReader.Notes;
import io.tracebridge.dashboard.store.TraceSummary;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One trace whole, in columns.
 *
 * <p>Thread-safe. At most {@value #MAX_SPANS} spans, the earliest.
 * @since 0.1
 */
public final class TraceDetails {
    static final int MAX_SPANS = 500_000;
    private static final int MAX_MARKS = 2_000;
    private static final int MAX_EVENTS = 500;
    private static final int RANK_SAMPLES = 20_000;

    private final Store store;
    private final PriceTable prices;
    private final Thresholds thresholds;

    TraceDetails(Store store, PriceTable prices, Thresholds thresholds) {
        this.store = store;
        this.prices = prices;
        this.thresholds = thresholds;
    }

    /** An error event; {@code span} is an index or -1. */
    public record ErrorMark(
            int span, long atUs, String issueId, String eventId, String type, String message, boolean anchored) {}

    /** A log line. */
    public record LogMark(int span, long atUs, String id, String level, String message) {}

    /** An event on a span. */
    public record EventMark(int span, long atUs, String name) {}

    /** A link to another span. */
    public record LinkMark(int span, String traceId, String spanId, boolean stored) {}

    /** A call to a model. */
    public record AiMark(
            int span,
            @Nullable String model,
            @Nullable Long inputTokens,
            @Nullable Long outputTokens,
            @Nullable Double costUsd) {}

    /** An operation in {@code ops}. */
    public record Op(String key, String name, String kind) {}

    /** A finding of this trace; {@code spans} are indexes. */
    public record TraceFindingItem(
            String id,
            String type,
            String title,
            String sentence,
            OperationName operation,
            OperationName parent,
            double wasteMs,
            int calls,
            int[] spans,
            Example example) {}

    /** The whole. */
    public record Trace(
            String id,
            double startAt,
            double durationMs,
            long durationUs,
            String operation,
            String operationKey,
            String kind,
            String service,
            @Nullable String environment,
            String run,
            @Nullable String release,
            String status,
            boolean closed,
            @Nullable Double weight,
            KeptReason kept,
            List<String> chips,
            @Nullable Rank rank,
            AiSum aiSum,
            int n,
            String ids,
            int[] parent,
            long[] start,
            long[] dur,
            int[] op,
            int[] svc,
            int[] flags,
            long[] self,
            long[] crit,
            int[] segSpan,
            long[] segFrom,
            long[] segTo,
            int[] segOverlap,
            List<Op> ops,
            List<String> svcs,
            Map<String, Integer> flagBits,
            List<ErrorMark> errors,
            List<LogMark> logs,
            List<EventMark> events,
            List<LinkMark> links,
            List<AiMark> ai,
            List<TraceBreakdown.Row> breakdown,
            List<TraceFindingItem> findings,
            int logsMore,
            int eventsMore) {}

    /** The trace, or null when none of its spans is stored. */
    public @Nullable Trace trace(String traceId) {
        List<SpanFacts> spans = spans(store, traceId);
        return spans.isEmpty() ? null : new Question(traceId, AnalysedTrace.of(spans)).answer();
    }

    /** The earliest {@value #MAX_SPANS} spans, in order of their start. */
    static List<SpanFacts> spans(Store store, String traceId) {
        return store.analysis().spans(List.of(traceId), Long.MIN_VALUE).stream()
                .sorted(Comparator.comparingLong(SpanFacts::startNanos).thenComparing(SpanFacts::spanId))
                .limit(MAX_SPANS)
                .toList();
    }

    private final class Question {
        private final String traceId;
        private final AnalysedTrace trace;
        private final TraceTree tree;
        private final Map<String, Integer> positions = new HashMap<>();
        /** By position. */
        private final Map<Integer, Notes> notes = new TreeMap<>();

        private int logsMore;
        private int eventsMore;

        Question(String traceId, AnalysedTrace trace) {
            this.traceId = traceId;
            this.trace = trace;
            tree = trace.tree;
            Map<String, Integer> byService = new HashMap<>();
            for (int i = tree.size - 1; i >= 0; i--) {
                positions.put(trace.span(i).spanId(), i);
                byService.put(trace.span(i).service() + " " + trace.span(i).spanId(), i);
            }
            for (Notes note : store.traces().notes(traceId)) {
                // a span that arrived since the others were read is not in the tree
                Integer position = byService.get(note.service() + " " + note.spanId());
                if (position != null) {
                    notes.put(position, note);
                }
            }
        }

        Trace answer() {
            TraceColumns columns = TraceColumns.of(trace);
            List<ErrorMark> errors = errors(columns.flags);
            List<LogMark> logs = logs();
            List<EventMark> events = events(columns.flags);
            List<LinkMark> links = links(columns.flags);
            List<AiCall> calls = new TraceAnalyzer(thresholds).calls(trace);
            SpanFacts root = trace.span(trace.root);
            TraceSummary summary = store.traces().summary(traceId);
            OperationRef operation = trace.operation(trace.root);
            return new Trace(
                    traceId,
                    Units.at(tree.originNanos),
                    Units.millis(tree.durationMicros()),
                    tree.durationMicros(),
                    operation.name(),
                    operation.key(),
                    operation.kind(),
                    operation.service(),
                    root.environment(),
                    root.runId(),
                    root.release(),
                    errors.isEmpty() ? root.status().name().toLowerCase(Locale.ROOT) : "error",
                    summary != null && summary.spans() == tree.size,
                    trace.weight(trace.root),
                    KeptReason.of(summary == null ? root.keptBecause() : summary.keptBecause()),
                    TraceQuestions.chips(summary == null ? 0 : summary.chips()),
                    rank(operation, tree.duration(trace.root)),
                    AiSum.of(calls, prices),
                    tree.size,
                    columns.ids,
                    tree.parent,
                    tree.start,
                    columns.durations,
                    columns.operations,
                    columns.services,
                    columns.flags,
                    trace.path.self,
                    trace.path.critical,
                    trace.path.segmentSpan,
                    trace.path.segmentFrom,
                    trace.path.segmentTo,
                    bits(trace.path.segmentOverlap),
                    columns.operationNames.stream()
                            .map(one -> new Op(one.key(), one.name(), one.kind()))
                            .toList(),
                    columns.serviceNames,
                    Flag.bits(),
                    errors,
                    logs,
                    events,
                    links,
                    ai(calls),
                    TraceBreakdown.of(trace, columns),
                    findings(),
                    logsMore,
                    eventsMore);
        }

        private List<ErrorMark> errors(int[] flags) {
            List<ErrorMark> marks = new ArrayList<>();
            for (StoredEvent event : store.issues().eventsOfTrace(traceId, MAX_EVENTS)) {
                int span = position(event.event().spanId());
                if (span >= 0) {
                    flags[span] |= Flag.EXCEPTION.bit;
                }
                marks.add(new ErrorMark(
                        span,
                        offset(event.event().timeNanos()),
                        event.issueId(),
                        event.event().eventId(),
                        IssueNames.simple(event.event().type()),
                        event.event().message(),
                        span >= 0));
            }
            return marks;
        }

        private List<LogMark> logs() {
            List<LogRecord> records = store.logs().logsOfTrace(traceId, MAX_MARKS * 2);
            logsMore = Math.max(0, records.size() - MAX_MARKS);
            List<LogMark> marks = new ArrayList<>();
            for (LogRecord log : records.subList(0, Math.min(MAX_MARKS, records.size()))) {
                marks.add(new LogMark(
                        position(log.spanId()),
                        offset(log.timeNanos()),
                        log.timeNanos() + "-" + marks.size(),
                        log.level(),
                        log.body()));
            }
            return marks;
        }

        private List<EventMark> events(int[] flags) {
            List<EventMark> marks = new ArrayList<>();
            for (Map.Entry<Integer, Notes> entry : notes.entrySet()) {
                int i = entry.getKey();
                String json = entry.getValue().events();
                if (json == null) {
                    continue;
                }
                for (JsonNode event : Attributes.tree(json)) {
                    String name = event.path("name").asText("");
                    if (name.equals("exception")) {
                        flags[i] |= Flag.EXCEPTION.bit;
                    }
                    if (marks.size() < MAX_MARKS) {
                        marks.add(new EventMark(i, offset(event.path("t").asLong(0)), name));
                    } else {
                        eventsMore++;
                    }
                }
            }
            marks.sort((a, b) -> Long.compare(a.atUs(), b.atUs()));
            return marks;
        }

        private List<LinkMark> links(int[] flags) {
            List<LinkMark> marks = new ArrayList<>();
            for (Map.Entry<Integer, Notes> entry : notes.entrySet()) {
                int i = entry.getKey();
                String json = entry.getValue().links();
                if (json == null || marks.size() >= MAX_MARKS) {
                    continue;
                }
                flags[i] |= Flag.LINK.bit;
                for (JsonNode link : Attributes.tree(json)) {
                    marks.add(new LinkMark(
                            i,
                            link.path("traceId").asText(""),
                            link.path("spanId").asText(""),
                            false));
                }
            }
            List<String> known = store.traces()
                    .stored(marks.stream().map(LinkMark::traceId).distinct().toList());
            marks.replaceAll(
                    mark -> new LinkMark(mark.span(), mark.traceId(), mark.spanId(), known.contains(mark.traceId())));
            return marks;
        }

        private List<AiMark> ai(List<AiCall> calls) {
            List<AiMark> marks = new ArrayList<>();
            for (AiCall call : calls) {
                String model = call.responseModel() == null ? call.requestModel() : call.responseModel();
                marks.add(new AiMark(
                        position(call.spanId()),
                        model,
                        call.inputTokens(),
                        call.outputTokens(),
                        prices.cost(call).usd()));
            }
            return marks;
        }

        private List<TraceFindingItem> findings() {
            List<TraceFindingItem> items = new ArrayList<>();
            for (TraceFinding finding : new Detectors(thresholds).find(trace)) {
                items.add(new TraceFindingItem(
                        Findings.id(finding.type(), finding.operation(), finding.parent()),
                        finding.type(),
                        Findings.title(finding.type(), finding.operation()),
                        Findings.sentence(finding),
                        OperationName.of(finding.operation()),
                        OperationName.of(finding.parent()),
                        Units.millis(finding.wasteMicros()),
                        finding.calls(),
                        finding.spanIds().stream().mapToInt(this::position).toArray(),
                        new Example(traceId, finding.parentSpanId(), finding.spanIds())));
            }
            return items;
        }

        private int position(@Nullable String spanId) {
            return spanId == null ? -1 : positions.getOrDefault(spanId, -1);
        }

        private long offset(long nanos) {
            return Math.floorDiv(nanos - tree.originNanos, 1_000L);
        }
    }

    private static int[] bits(boolean[] values) {
        int[] bits = new int[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = values[i] ? 1 : 0;
        }
        return bits;
    }

    /** Where a duration is among those of its operation; null when there are none. */
    @Nullable
    Rank rank(OperationRef operation, long micros) {
        Durations durations = new Durations();
        for (Sample sample : store.operations().samples(Selection.ALL, List.of(operation), RANK_SAMPLES)) {
            durations.add(sample.micros(), sample.weight());
        }
        return durations.samples() == 0 ? null : Rank.of(durations, micros);
    }

    /** Attributes by name, for answers. */
    static Map<String, String> texts(JsonNode object) {
        Map<String, String> texts = new LinkedHashMap<>();
        object.properties()
                .forEach(entry -> texts.put(
                        entry.getKey(),
                        entry.getValue().isValueNode()
                                ? entry.getValue().asText()
                                : entry.getValue().toString()));
        return texts;
    }

    /** Whether a span failed. */
    static boolean failed(SpanFacts span) {
        return span.status() == SpanStatus.ERROR;
    }
}
