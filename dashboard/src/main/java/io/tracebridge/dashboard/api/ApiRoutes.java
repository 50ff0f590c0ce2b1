/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.api;

import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.QueryParams;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.tracebridge.dashboard.http.LiveHub;
import io.tracebridge.dashboard.http.Routes;
import io.tracebridge.dashboard.query.Queries;
import io.tracebridge.dashboard.store.Store;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The API; its contract is {@code docs/dashboard-api.md}. Questions run on the blocking executor, never on the threads that serve connections.
 *
 * <p>Thread-safe.
 * @since 0.1
 */
public final class ApiRoutes implements Routes, AutoCloseable {
    private static final String BASE = "/api/v1/";

    private final Queries queries;
    private final Lists lists;
    private final Details details;
    private final Changes changes;
    private final LiveTopics live;

    /**
     * Wires the endpoints.
     * @param queries started when the server answers, closed with this
     * @param onClear run after the data were cleared
     */
    public ApiRoutes(Queries queries, Store store, LiveHub hub, Runnable onClear) {
        this.queries = queries;
        StoreEpoch epoch = new StoreEpoch();
        lists = new Lists(queries, store, epoch);
        details = new Details(queries);
        live = new LiveTopics(queries, store, hub, epoch);
        changes = new Changes(store, queries, epoch, hub, onClear);
    }

    /** Answers one request; runs where it may block. */
    interface Question {
        @Nullable
        Object answer(Asked asked);
    }

    /** A request to a question. */
    record Asked(ServiceRequestContext context, HttpRequest request, Parameters parameters) {
        /** A part of the path, decoded. */
        String path(String name) {
            return String.valueOf(context.pathParam(name));
        }

        String hex(String name) {
            return Parameters.hex(name, context.pathParam(name));
        }
    }

    @Override
    public void bind(ServerBuilder server) {
        Map<String, Question> questions = new LinkedHashMap<>();
        questions.put("overview", lists::overview);
        questions.put("issues", lists::issues);
        questions.put("issues/{issueId}", details::issue);
        questions.put("issues/{issueId}/events/{eventId}", details::event);
        questions.put("traces", lists::traces);
        questions.put("traces/{traceId}", details::trace);
        questions.put("traces/{traceId}/spans/{spanId}", details::span);
        questions.put("heatmap", lists::heatmap);
        questions.put("operations", lists::operations);
        questions.put("operations/{key}", details::operation);
        questions.put("changes", lists::changes);
        questions.put("bottlenecks", lists::bottlenecks);
        questions.put("logs", lists::logs);
        questions.put("metrics", lists::metrics);
        questions.put("metrics/{name}", details::metric);
        questions.put("ai/calls", lists::aiCalls);
        questions.put("ai/calls/{spanId}", details::aiCall);
        questions.put("health", lists::health);
        questions.put("filters", lists::filters);
        questions.forEach((path, question) -> server.service(BASE + path, only(HttpMethod.GET, question)));
        server.service(BASE + "live", only(HttpMethod.GET, asked -> live.open(asked.context(), asked.parameters())));
        server.service(BASE + "sample", only(HttpMethod.POST, changes::sample));
        server.service(BASE + "issues/{issueId}/status", only(HttpMethod.POST, changes::status));
        server.service(BASE + "data", only(HttpMethod.DELETE, changes::clear));
        server.serviceUnder(
                BASE,
                (context, request) ->
                        Answers.error(HttpStatus.NOT_FOUND, "not_found", null, "no such endpoint: " + context.path()));
    }

    private HttpService only(HttpMethod method, Question question) {
        return (context, request) -> {
            boolean reads = method == HttpMethod.GET && request.method() == HttpMethod.HEAD;
            if (request.method() != method && !reads) {
                return Answers.notAllowed(context.path(), method);
            }
            if (method != HttpMethod.GET && !request.headers().contains("x-tracebridge")) {
                return Answers.failure(ApiException.missingHeader());
            }
            return answered(context, request, question);
        };
    }

    private HttpResponse answered(ServiceRequestContext context, HttpRequest request, Question question) {
        CompletableFuture<HttpResponse> response = new CompletableFuture<>();
        try {
            context.blockingTaskExecutor().execute(() -> {
                try {
                    response.complete(guarded(() -> {
                        Object answer = question.answer(new Asked(context, request, parameters(context)));
                        if (answer == null) {
                            throw ApiException.notFound("what was asked for");
                        }
                        return answer instanceof HttpResponse ready ? ready : Answers.ok(answer);
                    }));
                } catch (Error e) {
                    // a stack that overflowed must not leave the page waiting until the request times out
                    response.complete(Answers.failure(new IllegalStateException(e)));
                    throw e;
                }
            });
        } catch (RejectedExecutionException e) {
            return Answers.error(HttpStatus.SERVICE_UNAVAILABLE, "busy", null, "too many questions at once");
        }
        return HttpResponse.of(response);
    }

    private interface Work {
        HttpResponse run();
    }

    private static HttpResponse guarded(Work work) {
        try {
            return work.run();
        } catch (RuntimeException e) {
            return Answers.failure(e);
        }
    }

    /** Ends the analysis; after the server, before the store. */
    @Override
    public void started() {
        queries.start();
    }

    @Override
    public void close() {
        queries.close();
    }

    private Parameters parameters(ServiceRequestContext context) {
        String query = context.query();
        return new Parameters(
                query == null ? QueryParams.of() : QueryParams.fromQueryString(query),
                queries.nowNanos(),
                queries::oldestNanos);
    }
}
