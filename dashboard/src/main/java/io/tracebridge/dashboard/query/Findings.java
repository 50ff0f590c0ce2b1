/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.query;

import io.tracebridge.dashboard.store.OperationReader.FindingGroup;
import io.tracebridge.dashboard.store.OperationRef;
import io.tracebridge.dashboard.store.TraceFinding;
import java.util.List;

/**
 * Findings of detectors in words.
 * @since 0.1
 */
public final class Findings {
    private Findings() {}

    /** What a detector found, over the traces that have it. */
    public record Finding(
            String id,
            String type,
            String title,
            String sentence,
            OperationName operation,
            OperationName parent,
            double traces,
            double wasteMs,
            int calls,
            double firstSeenAt,
            double lastSeenAt,
            Example example) {}

    /** One place where it can be seen. */
    public record Example(String traceId, String parentSpanId, List<String> spanIds) {}

    static Finding of(FindingGroup group) {
        return new Finding(
                id(group.type(), group.operation(), group.parent()),
                group.type(),
                title(group.type(), group.operation()),
                sentence(
                        group.type(),
                        group.operation(),
                        group.parent(),
                        group.detail(),
                        group.calls(),
                        group.totalMicros() / Math.max(1, group.traces()),
                        group.waste() / Math.max(1, group.traces())),
                OperationName.of(group.operation()),
                OperationName.of(group.parent()),
                Units.round(group.traces()),
                Units.millis(group.waste()),
                group.calls(),
                group.firstMicros() / 1_000.0,
                group.lastMicros() / 1_000.0,
                new Example(group.traceId(), group.parentSpanId(), group.spanIds()));
    }

    static String id(String type, OperationRef operation, OperationRef parent) {
        return new OperationRef(type, operation.key(), parent.key()).key();
    }

    static String title(String type, OperationRef operation) {
        return switch (type) {
            case "n_plus_one" -> operation.kind().equals("db") ? "N+1 query" : "N+1 calls";
            case "serial_ai_calls" -> "Serial AI calls";
            case "retry_storm" -> "Retry storm";
            default -> type;
        };
    }

    static String sentence(TraceFinding finding) {
        return sentence(
                finding.type(),
                finding.operation(),
                finding.parent(),
                finding.detail(),
                finding.calls(),
                (double) finding.totalMicros(),
                (double) finding.wasteMicros());
    }

    private static String sentence(
            String type,
            OperationRef operation,
            OperationRef parent,
            String detail,
            int calls,
            double totalMicros,
            double wasteMicros) {
        return switch (type) {
            case "n_plus_one" ->
                calls + " similar " + (operation.kind().equals("db") ? "queries" : "calls") + " in a row: "
                        + (detail.isEmpty() ? operation.name() : detail) + " (" + Units.duration(totalMicros) + ")";
            case "serial_ai_calls" ->
                calls + " AI calls run one after another in " + parent.name() + "; side by side they would save up to "
                        + Units.duration(wasteMicros);
            case "retry_storm" ->
                calls + " attempts in a row" + (detail.isEmpty() ? "" : " after " + detail) + ": " + operation.name()
                        + " (" + Units.duration(totalMicros) + ")";
            default -> operation.name();
        };
    }
}
