/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.api;

import io.tracebridge.dashboard.api.ApiRoutes.Asked;
import io.tracebridge.dashboard.query.OperationQuestions.Sort;
import io.tracebridge.dashboard.query.Queries;
import io.tracebridge.dashboard.store.AiQuery;
import io.tracebridge.dashboard.store.IssueQuery;
import io.tracebridge.dashboard.store.LogQuery;
import io.tracebridge.dashboard.store.OperationRef;
import io.tracebridge.dashboard.store.Selection;
import io.tracebridge.dashboard.store.Store;
import io.tracebridge.dashboard.store.TraceQuery;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Endpoints that list: parameters to queries. */
final class Lists {
    private static final List<String> KINDS =
            List.of("http", "client", "internal", "ai", "tool", "db", "queue", "cache");
    private static final Map<String, Sort> OPERATION_SORTS = Map.of(
            "share", Sort.SHARE,
            "p95", Sort.P95,
            "p50", Sort.P50,
            "p99", Sort.P99,
            "max", Sort.MAX,
            "count", Sort.COUNT,
            "errors", Sort.ERRORS,
            "total", Sort.TOTAL);
    private static final Map<String, IssueQuery.Order> ISSUE_SORTS = Map.of(
            "lastSeen", IssueQuery.Order.LAST_SEEN,
            "firstSeen", IssueQuery.Order.FIRST_SEEN,
            "events", IssueQuery.Order.EVENTS);
    private static final Map<String, List<String>> ISSUE_STATUSES = Map.of(
            "open", IssueQuery.OPEN,
            "resolved", List.of("resolved"),
            "ignored", List.of("ignored"),
            "all", List.of());
    /** Least OpenTelemetry severity number of each level. */
    private static final Map<String, Integer> SEVERITIES =
            Map.of("trace", 1, "debug", 5, "info", 9, "warn", 13, "error", 17, "fatal", 21);

    private static final int MAX_TRACES_OF_ISSUE = 1_000;

    private final Queries queries;
    private final Store store;
    private final StoreEpoch epoch;

    Lists(Queries queries, Store store, StoreEpoch epoch) {
        this.queries = queries;
        this.store = store;
        this.epoch = epoch;
    }

    Object overview(Asked asked) {
        return queries.overview().overview(asked.parameters().selection());
    }

    Object issues(Asked asked) {
        Parameters in = asked.parameters();
        String kind = in.optionalOneOf("kind", List.of("error", "finding"));
        OperationRef operation = operation(in, "operation");
        Selection selection = in.selection();
        List<String> statuses = in.constant("status", IssueQuery.OPEN, ISSUE_STATUSES);
        // what detectors find has no level, release, tags or status
        boolean narrow = in.text("level") != null
                || in.flag("unhandled")
                || in.text("release") != null
                || !(statuses.isEmpty() || statuses.equals(IssueQuery.OPEN))
                || !selection.attributes().isEmpty();
        IssueQuery query = new IssueQuery(
                selection,
                in.optionalOneOf("level", List.of("fatal", "error", "warning", "info", "debug")),
                in.flag("unhandled"),
                in.text("release"),
                operation == null ? null : operation.name(),
                statuses,
                in.constant("sort", IssueQuery.Order.LAST_SEEN, ISSUE_SORTS));
        return queries.issues()
                .list(
                        query,
                        !"finding".equals(kind),
                        !"error".equals(kind) && !narrow && operation == null,
                        in.limit(),
                        in.offset());
    }

    Object traces(Asked asked) {
        return queries.traces().list(traceQuery(asked), asked.parameters().limit());
    }

    Object heatmap(Asked asked) {
        return queries.traceHeatmap().of(traceQuery(asked));
    }

    private TraceQuery traceQuery(Asked asked) {
        Parameters in = asked.parameters();
        String issue = in.text("issue");
        Parameters.Position after = in.position();
        return new TraceQuery(
                in.selection(),
                in.micros("minMs", 0),
                in.micros("maxMs", Long.MAX_VALUE),
                in.errorStatus(),
                operation(in, "operation"),
                operation(in, "root"),
                (int) in.number("minSpans", 0, 0, 1_000_000),
                issue == null
                        ? null
                        : store.issues().tracesOfIssue(Parameters.hex("issue", issue), MAX_TRACES_OF_ISSUE),
                in.oneOf("sort", "start", List.of("start", "duration")).equals("duration"),
                after == null ? null : (Long) after.number(),
                after == null ? null : after.text());
    }

    /** The operation of a key; a key that is not known matches nothing, which is not an error of the sender. */
    private @Nullable OperationRef operation(Parameters in, String name) {
        String key = in.text(name);
        if (key == null) {
            return null;
        }
        OperationRef known = store.operations().operation(Parameters.hex(name, key));
        return known == null ? new OperationRef("", "", "") : known;
    }

    Object operations(Asked asked) {
        Parameters in = asked.parameters();
        return queries.operations()
                .list(
                        in.selection(),
                        in.optionalOneOf("kind", KINDS),
                        // the parameter's name on this list is a flag, on the list of traces a key
                        in.flag("root"),
                        in.constant("sort", Sort.SHARE, OPERATION_SORTS),
                        in.oneOf("order", "desc", List.of("asc", "desc")).equals("asc"),
                        in.limit(),
                        in.offset());
    }

    Object changes(Asked asked) {
        Parameters in = asked.parameters();
        return queries.changes()
                .of(in.selection(), in.optionalOneOf("kind", KINDS), in.flag("all"), in.limit(), in.offset());
    }

    Object bottlenecks(Asked asked) {
        Parameters in = asked.parameters();
        return queries.bottlenecks().top(in.selection(), (int) in.number("top", 3, 1, 20));
    }

    Object logs(Asked asked) {
        Parameters in = asked.parameters();
        String level = in.optionalOneOf("level", List.of("trace", "debug", "info", "warn", "error", "fatal"));
        Parameters.Position after = in.position();
        String trace = in.text("trace");
        String span = in.text("span");
        LogQuery query = new LogQuery(
                in.selection(),
                level == null ? 0 : SEVERITIES.getOrDefault(level, 0),
                in.text("logger"),
                trace == null ? null : Parameters.hex("trace", trace),
                span == null ? null : Parameters.hex("span", span),
                in.text("thread"),
                after == null ? Long.MAX_VALUE : after.number(),
                after == null ? Long.MAX_VALUE : row(after.text()));
        return queries.logs().list(query, in.limit(), in.flag("facets"));
    }

    private static long row(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw ApiException.badParameter("cursor", "the next of the page before", text);
        }
    }

    Object metrics(Asked asked) {
        Parameters in = asked.parameters();
        return queries.metrics().list(in.selection(), in.text("prefix"), in.limit(), in.offset());
    }

    Object aiCalls(Asked asked) {
        Parameters in = asked.parameters();
        String sort = in.oneOf("sort", "start", List.of("start", "cost", "duration", "tokens"));
        AiQuery.Order order = switch (sort) {
            case "duration" -> AiQuery.Order.DURATION;
            case "cost", "tokens" -> AiQuery.Order.TOKENS;
            default -> AiQuery.Order.START;
        };
        AiQuery query = new AiQuery(
                in.selection(), in.text("model"), in.text("provider"), in.text("operation"), in.errorStatus(), order);
        return queries.ai().list(query, sort.equals("cost"), in.limit(), in.offset(), in.flag("summary"));
    }

    Object health(Asked asked) {
        return queries.health().health(epoch.value());
    }

    Object filters(Asked asked) {
        return queries.health().filters();
    }
}
