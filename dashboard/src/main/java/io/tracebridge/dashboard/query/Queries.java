/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.query;

import io.tracebridge.dashboard.store.IngestLedger;
import io.tracebridge.dashboard.store.Store;
import io.tracebridge.dashboard.store.TraceSummary;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * All questions, and the analysis behind them. {@link #start} before the first question, {@link #close} before the store is closed.
 *
 * <p>Thread-safe.
 * @since 0.1
 */
public final class Queries implements AutoCloseable {
    private final LongSupplier millis;
    private final AnalysisLoop analysis;
    private final TraceQuestions traces;
    private final TraceHeatmap traceHeatmap;
    private final TraceDetails traceDetails;
    private final SpanDetails spanDetails;
    private final OperationQuestions operations;
    private final OperationDetails operationDetails;
    private final BottleneckQuestions bottlenecks;
    private final IssueQuestions issues;
    private final IssueDetails issueDetails;
    private final EventQuestions events;
    private final LogQuestions logs;
    private final MetricQuestions metrics;
    private final AiQuestions ai;
    private final AiCallDetails aiCallDetails;
    private final HealthQuestions health;
    private final OverviewQuestions overview;
    private final ChangeQuestions changes;
    private final OldestRecord oldest;

    /**
     * Wires the questions; starts nothing.
     * @param millis the time, Unix milliseconds
     * @param version of the program, for the health page
     */
    public Queries(
            Store store,
            IngestLedger ledger,
            Thresholds thresholds,
            PriceTable prices,
            LongSupplier millis,
            String version) {
        this.millis = millis;
        EvidenceTraces evidence = new EvidenceTraces(store);
        analysis = new AnalysisLoop(store.analysis(), new TraceAnalyzer(thresholds), millis);
        traces = new TraceQuestions(store, prices);
        traceHeatmap = new TraceHeatmap(store);
        traceDetails = new TraceDetails(store, prices, thresholds);
        ai = new AiQuestions(store, prices);
        aiCallDetails = new AiCallDetails(store, ai);
        spanDetails = new SpanDetails(store, traceDetails, ai, thresholds);
        operations = new OperationQuestions(store, thresholds);
        FindingIssues findingIssues = new FindingIssues(store);
        issues = new IssueQuestions(store, findingIssues);
        issueDetails = new IssueDetails(store, issues, findingIssues);
        operationDetails = new OperationDetails(store, operations, issues, evidence);
        bottlenecks = new BottleneckQuestions(store, operations, evidence);
        events = new EventQuestions(store, issueDetails);
        logs = new LogQuestions(store);
        metrics = new MetricQuestions(store);
        health = new HealthQuestions(store, ledger, thresholds, prices, millis, version);
        overview = new OverviewQuestions(store, this);
        changes = new ChangeQuestions(store, this);
        oldest = new OldestRecord(store, millis);
    }

    /** Starts to analyse traces. */
    public void start() {
        analysis.start();
    }

    /** Analyses everything that is written now, quiet or not; for tests and for questions right after writing. */
    public void settle() {
        analysis.settle();
    }

    /** Calls the listener with traces as they are analysed; be quick, never throw. */
    public void onAnalysed(Consumer<List<TraceSummary>> listener) {
        analysis.onAnalysed(listener);
    }

    public long nowNanos() {
        return millis.getAsLong() * 1_000_000;
    }

    /** Time of the oldest record, nanoseconds, at most two seconds out of date; {@link Long#MAX_VALUE} when nothing is stored. */
    public long oldestNanos() {
        return oldest.nanos();
    }

    public TraceQuestions traces() {
        return traces;
    }

    public TraceHeatmap traceHeatmap() {
        return traceHeatmap;
    }

    public TraceDetails traceDetails() {
        return traceDetails;
    }

    public SpanDetails spanDetails() {
        return spanDetails;
    }

    public OperationQuestions operations() {
        return operations;
    }

    public OperationDetails operationDetails() {
        return operationDetails;
    }

    public BottleneckQuestions bottlenecks() {
        return bottlenecks;
    }

    public IssueQuestions issues() {
        return issues;
    }

    public IssueDetails issueDetails() {
        return issueDetails;
    }

    public EventQuestions events() {
        return events;
    }

    public LogQuestions logs() {
        return logs;
    }

    public MetricQuestions metrics() {
        return metrics;
    }

    public AiQuestions ai() {
        return ai;
    }

    public AiCallDetails aiCallDetails() {
        return aiCallDetails;
    }

    public HealthQuestions health() {
        return health;
    }

    public OverviewQuestions overview() {
        return overview;
    }

    public ChangeQuestions changes() {
        return changes;
    }

    @Override
    public void close() {
        analysis.close();
    }
}
