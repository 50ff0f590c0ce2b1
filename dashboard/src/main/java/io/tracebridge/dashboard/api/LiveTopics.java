/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.api;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.tracebridge.dashboard.http.LiveHub;
import io.tracebridge.dashboard.http.LiveMessage;
import io.tracebridge.dashboard.query.Queries;
import io.tracebridge.dashboard.store.Selection;
import io.tracebridge.dashboard.store.Store;
import io.tracebridge.dashboard.store.StoreChange;
import io.tracebridge.dashboard.store.TraceSummary;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/** Hands changes of the store to the feeds of live pages. Costs nothing while no page looks. Thread-safe. */
final class LiveTopics {
    static final List<String> TOPICS = List.of("trace", "issue", "op", "log", "metric", "health");

    private final Queries queries;
    private final Store store;
    private final LiveHub hub;
    private final StoreEpoch epoch;
    private final List<TopicFeed> feeds = new CopyOnWriteArrayList<>();

    LiveTopics(Queries queries, Store store, LiveHub hub, StoreEpoch epoch) {
        this.queries = queries;
        this.store = store;
        this.hub = hub;
        this.epoch = epoch;
        store.onChange(this::changed);
        queries.onAnalysed(this::analysed);
    }

    private void changed(StoreChange change) {
        feeds.forEach(feed -> feed.changed(change));
    }

    private void analysed(List<TraceSummary> summaries) {
        feeds.forEach(feed -> feed.analysed(summaries));
    }

    /** Opens the stream of a page; asks the store, so it may block. */
    HttpResponse open(ServiceRequestContext context, Parameters parameters) {
        String asked = parameters.text("topics");
        Set<String> topics = asked == null ? Set.copyOf(TOPICS) : Set.copyOf(List.of(asked.split(",")));
        if (!TOPICS.containsAll(topics)) {
            throw ApiException.badParameter("topics", "some of " + String.join(",", TOPICS), String.valueOf(asked));
        }
        Selection selection = parameters.selection();
        TopicFeed feed = new TopicFeed(queries, store, topics, selection, feeds::remove);
        feeds.add(feed);
        Map<String, Object> hello = new LinkedHashMap<>();
        hello.put("storeEpoch", epoch.value());
        hello.put("run", store.health().facts().runId());
        hello.put("at", queries.nowNanos() / 1_000_000);
        return hub.open(context, new LiveMessage("hello", Answers.line(hello)), feed);
    }

    /** What a page is told changes between two messages. */
    static LiveMessage message(String event, Object data) {
        return new LiveMessage(event, Answers.line(data));
    }
}
