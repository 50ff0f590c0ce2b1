/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.api;

import io.tracebridge.dashboard.http.LiveFeed;
import io.tracebridge.dashboard.http.LiveMessage;
import io.tracebridge.dashboard.query.OperationQuestions.OperationItem;
import io.tracebridge.dashboard.query.OperationQuestions.Sort;
import io.tracebridge.dashboard.query.Queries;
import io.tracebridge.dashboard.store.IssueLine;
import io.tracebridge.dashboard.store.OperationRef;
import io.tracebridge.dashboard.store.Selection;
import io.tracebridge.dashboard.store.Store;
import io.tracebridge.dashboard.store.StoreChange;
import io.tracebridge.dashboard.store.TraceSummary;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What one live page has not been told yet, one kind a message. Bounded: of traces, issues and operations the newest {@value #MAX_ITEMS} are
 * named and the others counted.
 *
 * <p>Thread-safe.
 */
final class TopicFeed implements LiveFeed {
    private static final int MAX_ITEMS = 10;
    private static final int MAX_METRICS = 16;
    private static final int MAX_WAITING = 200;
    private static final int MAX_TEXT = 120;
    private static final long HEALTH_NANOS = 2_000_000_000L;
    private static final long OPERATION_NANOS = 1_000_000_000L;
    private static final long RECENT_NANOS = 300_000_000_000L;

    private final Queries queries;
    private final Store store;
    private final Set<String> topics;
    private final Selection selection;
    private final Consumer<TopicFeed> closed;
    private final Map<String, TraceSummary> traces = new LinkedHashMap<>();
    private final Set<String> issues = new LinkedHashSet<>();
    private final Set<String> freshIssues = new LinkedHashSet<>();
    private final Set<OperationRef> operations = new LinkedHashSet<>();
    private long moreTraces;
    private long moreIssues;
    private long logs;
    /** Names of metrics that got points since the last message. */
    private final Set<String> metrics = new TreeSet<>();

    private boolean moreMetrics;
    private boolean anything;
    private long healthAt = Long.MIN_VALUE;
    private long operationsAt = Long.MIN_VALUE;
    private int turn;

    TopicFeed(Queries queries, Store store, Set<String> topics, Selection selection, Consumer<TopicFeed> closed) {
        this.queries = queries;
        this.store = store;
        this.topics = topics;
        this.selection = selection;
        this.closed = closed;
    }

    /** Called on the writer's thread. */
    synchronized void changed(StoreChange change) {
        anything = true;
        logs += change.logs();
        if (metrics.size() < MAX_METRICS) {
            metrics.addAll(change.metricNames());
        } else {
            moreMetrics |= !metrics.containsAll(change.metricNames());
        }
        for (String id : change.issueIds()) {
            if (issues.size() < MAX_WAITING) {
                issues.add(id);
            } else if (!issues.contains(id)) {
                moreIssues++;
            }
        }
        // only of those that wait: a page that did not ask for issues never takes them
        change.newIssueIds().stream().filter(issues::contains).forEach(freshIssues::add);
    }

    /** Called on the analysis thread. */
    synchronized void analysed(List<TraceSummary> summaries) {
        for (TraceSummary summary : summaries) {
            if (!passes(summary)) {
                continue;
            }
            if (traces.size() < MAX_WAITING || traces.containsKey(summary.traceId())) {
                traces.put(summary.traceId(), summary);
            } else {
                moreTraces++;
            }
            for (OperationRef operation : summary.operations()) {
                if (operations.size() < MAX_WAITING) {
                    operations.add(operation);
                }
            }
        }
    }

    private boolean passes(TraceSummary summary) {
        return (selection.services().isEmpty() || summary.services().stream().anyMatch(selection.services()::contains))
                && (selection.environments().isEmpty()
                        || (summary.environment() != null
                                && selection.environments().contains(summary.environment())))
                && (selection.runs().isEmpty() || selection.runs().contains(summary.runId()));
    }

    /** Topics take turns, so that a flood of one does not hide the others. */
    @Override
    public @Nullable LiveMessage next() {
        for (int i = 0; i < LiveTopics.TOPICS.size(); i++) {
            turn = (turn + 1) % LiveTopics.TOPICS.size();
            String topic = LiveTopics.TOPICS.get(turn);
            LiveMessage message = topics.contains(topic) ? message(topic) : null;
            if (message != null) {
                return message;
            }
        }
        return null;
    }

    private @Nullable LiveMessage message(String topic) {
        return switch (topic) {
            case "trace" -> traces();
            case "issue" -> issues();
            case "op" -> operations();
            case "log" -> logs();
            case "metric" -> metrics();
            default -> health();
        };
    }

    private @Nullable LiveMessage traces() {
        List<Map<String, Object>> items = new ArrayList<>();
        long more;
        synchronized (this) {
            if (traces.isEmpty()) {
                return null;
            }
            for (TraceSummary summary : newest(traces.values())) {
                items.add(item(summary));
            }
            more = traces.size() - items.size() + moreTraces;
            traces.clear();
            moreTraces = 0;
        }
        return LiveTopics.message("trace", list(items, more));
    }

    private static <T> List<T> newest(Collection<T> values) {
        List<T> all = new ArrayList<>(values);
        return all.subList(Math.max(0, all.size() - MAX_ITEMS), all.size());
    }

    private static Map<String, Object> item(TraceSummary summary) {
        Map<String, Object> item = new LinkedHashMap<>();
        item.put("id", summary.traceId());
        item.put("startAt", summary.startMicros() / 1_000.0);
        item.put("endAt", (summary.startMicros() + summary.durationMicros()) / 1_000.0);
        item.put("durationMs", summary.durationMicros() / 1_000.0);
        item.put("status", summary.status().name().toLowerCase(Locale.ROOT));
        item.put("operation", cut(summary.root().name()));
        item.put("kind", summary.root().kind());
        item.put("service", cut(summary.root().service()));
        item.put("spans", summary.spans());
        item.put("errors", summary.errorSpans());
        return item;
    }

    private @Nullable LiveMessage issues() {
        List<String> ids;
        Set<String> fresh;
        long more;
        synchronized (this) {
            if (issues.isEmpty()) {
                return null;
            }
            ids = newest(issues);
            fresh = Set.copyOf(freshIssues);
            more = issues.size() - ids.size() + moreIssues;
            issues.clear();
            freshIssues.clear();
            moreIssues = 0;
        }
        List<Map<String, Object>> items = new ArrayList<>();
        for (String id : ids) {
            IssueLine line = store.issues().line(id);
            if (line != null && passes(line)) {
                Map<String, Object> item = new LinkedHashMap<>();
                item.put("id", id);
                item.put("type", cut(simple(line.issue().type())));
                item.put("message", cut(line.issue().message()));
                item.put("events", line.issue().events());
                item.put("lastSeenAt", line.issue().lastSeenNanos() / 1_000_000);
                item.put("isNew", fresh.contains(id));
                items.add(item);
            }
        }
        return items.isEmpty() ? null : LiveTopics.message("issue", list(items, more));
    }

    private boolean passes(IssueLine line) {
        return (selection.services().isEmpty() || line.services().stream().anyMatch(selection.services()::contains))
                && (selection.environments().isEmpty()
                        || line.environments().stream().anyMatch(selection.environments()::contains));
    }

    private static String simple(String type) {
        return type.substring(type.lastIndexOf('.') + 1);
    }

    private @Nullable LiveMessage operations() {
        Set<OperationRef> changed;
        synchronized (this) {
            long now = System.nanoTime();
            if (operations.isEmpty() || (operationsAt != Long.MIN_VALUE && now - operationsAt < OPERATION_NANOS)) {
                return null;
            }
            operationsAt = now;
            changed = Set.copyOf(operations);
            operations.clear();
        }
        long now = queries.nowNanos();
        Set<String> keys = new LinkedHashSet<>();
        changed.forEach(operation -> keys.add(operation.key()));
        List<Map<String, Object>> items = new ArrayList<>();
        Selection recent = selection.between(now - RECENT_NANOS, Long.MAX_VALUE);
        for (OperationItem operation : queries.operations()
                .list(recent, null, false, Sort.TOTAL, false, MAX_ITEMS, 0)
                .items()) {
            if (keys.contains(operation.key())) {
                Map<String, Object> item = new LinkedHashMap<>();
                item.put("key", operation.key());
                item.put("name", cut(operation.name()));
                item.put("count", operation.count());
                item.put("p95Ms", operation.p95Ms());
                items.add(item);
            }
        }
        return items.isEmpty() ? null : LiveTopics.message("op", list(items, changed.size() - items.size()));
    }

    private synchronized @Nullable LiveMessage logs() {
        if (logs == 0) {
            return null;
        }
        Map<String, Object> data = Map.of("count", logs);
        logs = 0;
        return LiveTopics.message("log", data);
    }

    private synchronized @Nullable LiveMessage metrics() {
        if (metrics.isEmpty()) {
            return null;
        }
        List<String> names = metrics.stream().limit(MAX_METRICS).toList();
        Map<String, Object> data =
                Map.of("names", names, "more", metrics.size() - names.size() + (moreMetrics ? 1 : 0));
        metrics.clear();
        moreMetrics = false;
        return LiveTopics.message("metric", data);
    }

    private @Nullable LiveMessage health() {
        synchronized (this) {
            long now = System.nanoTime();
            if (!anything || (healthAt != Long.MIN_VALUE && now - healthAt < HEALTH_NANOS)) {
                return null;
            }
            anything = false;
            healthAt = now;
        }
        return LiveTopics.message("health", queries.health().brief());
    }

    private static Map<String, Object> list(List<Map<String, Object>> items, long more) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("items", items);
        data.put("more", Math.max(0, more));
        return data;
    }

    private static String cut(String text) {
        return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT - 1) + "…";
    }

    @Override
    public void close() {
        closed.accept(this);
    }
}
