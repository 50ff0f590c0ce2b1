/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.query;

import com.fasterxml.jackson.databind.JsonNode;
import io.tracebridge.dashboard.store.AiCall;
import io.tracebridge.dashboard.store.AiQuery;
import io.tracebridge.dashboard.store.AiReader.Took;
import io.tracebridge.dashboard.store.AiReader.Usage;
import io.tracebridge.dashboard.store.Selection;
import io.tracebridge.dashboard.store.SpanRecord;
import io.tracebridge.dashboard.store.Store;
import io.tracebridge.dashboard.store.StoredSpan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Calls to models: which, how long, how many tokens, what they cost.
 *
 * <p>Thread-safe.
 * @since 0.1
 */
public final class AiQuestions {
    private static final int SLICES = 60;
    static final List<String> CONTENT = List.of(
            "gen_ai.input.messages",
            "gen_ai.output.messages",
            "gen_ai.system_instructions",
            "gen_ai.request.messages",
            "gen_ai.response.text",
            "gen_ai.prompt",
            "gen_ai.completion",
            "ai.input_messages",
            "ai.responses");

    private final Store store;
    private final PriceTable prices;

    AiQuestions(Store store, PriceTable prices) {
        this.store = store;
        this.prices = prices;
    }

    /** Tokens by type; null where the span does not say. */
    public record Tokens(
            @Nullable Long input,
            @Nullable Long output,
            @Nullable Long cacheRead,
            @Nullable Long cacheWrite,
            @Nullable Long reasoning,
            @Nullable Long total) {}

    /** One call. */
    public record Call(
            String spanId,
            String traceId,
            double startAt,
            double durationMs,
            String name,
            String operationKey,
            String service,
            String operation,
            @Nullable String provider,
            @Nullable String requestModel,
            @Nullable String responseModel,
            Tokens tokens,
            Cost cost,
            @Nullable Double timeToFirstTokenMs,
            List<String> finishReasons,
            boolean streaming,
            @Nullable Double temperature,
            String status,
            @Nullable String errorType,
            int toolCalls,
            @Nullable String conversationId,
            boolean hasContent,
            @Nullable Double weight) {}

    /** Sums, weighted; null when there are no calls with a price. */
    public record Totals(
            double calls,
            double errors,
            double errorShare,
            double inputTokens,
            double outputTokens,
            double cacheReadTokens,
            @Nullable Double costUsd,
            double unpriced,
            double p95Ms,
            double cacheHitShare) {}

    /** One model over time. */
    public record ModelTrend(double fromAt, double stepMs, double[] costUsd, double[] calls) {}

    /** One model. */
    public record Model(
            String model,
            double calls,
            @Nullable Double costUsd,
            double unpriced,
            double inputTokens,
            double outputTokens,
            double p95Ms,
            double errorShare,
            ModelTrend trend) {}

    /** One page; totals and models only when asked for. */
    public record CallPage(
            List<Call> items,
            @Nullable String next,
            Window window,
            Estimate estimate,
            @Nullable Totals totals,
            @Nullable List<Model> byModel) {}

    /** A page of calls; {@code byCost} orders the page's candidates by what they cost instead. */
    public CallPage list(AiQuery query, boolean byCost, int limit, long offset, boolean summary) {
        // cost is not stored, so that new prices hold for old calls: the most tokens are the candidates for the highest
        // cost
        int wanted = byCost ? Math.max(1_000, limit + 1) : limit + 1;
        List<AiCall> found = new ArrayList<>(store.ai().calls(query, wanted, byCost ? 0 : (int) offset));
        if (byCost) {
            found.sort(Comparator.comparingDouble(
                            (AiCall call) -> orZero(prices.cost(call).usd()))
                    .reversed());
            found = found.subList((int) Math.min(offset, found.size()), found.size());
        }
        List<AiCall> page = found.subList(0, Math.min(limit, found.size()));
        long[] extent = store.ai().extent(query);
        Selection bounded = Window.bounded(query.selection(), extent[0] * 1_000, extent[1] * 1_000);
        List<Usage> usage = store.ai().usage(query, 1);
        List<Took> took = summary ? store.ai().durations(query, Durations.EXACT) : List.of();
        return new CallPage(
                calls(page),
                found.size() > limit ? Cursor.of(offset + limit) : null,
                new Window(Units.at(bounded.fromNanos()), Units.at(bounded.toNanos())),
                estimate(usage),
                summary ? totals(usage, took) : null,
                summary ? models(query, bounded, usage, took) : null);
    }

    private static Estimate estimate(List<Usage> usage) {
        long seen = usage.stream().mapToLong(Usage::seen).sum();
        long unknown = usage.stream().mapToLong(Usage::unknown).sum();
        double calls = usage.stream().mapToDouble(Usage::calls).sum();
        return Estimate.of(seen, calls, unknown, Math.abs(calls - (seen - unknown)) > 1e-6);
    }

    /** Sums over the calls of a query. */
    Totals totals(AiQuery query) {
        return totals(store.ai().usage(query, 1), store.ai().durations(query, Durations.EXACT));
    }

    private Totals totals(List<Usage> usage, List<Took> took) {
        double calls = usage.stream().mapToDouble(Usage::calls).sum();
        double errors = usage.stream().mapToDouble(Usage::errors).sum();
        double input = usage.stream().mapToDouble(Usage::input).sum();
        double cacheRead = usage.stream().mapToDouble(Usage::cacheRead).sum();
        return new Totals(
                Units.round(calls),
                Units.round(errors),
                Units.share(errors, calls),
                Units.round(input),
                Units.round(usage.stream().mapToDouble(Usage::output).sum()),
                Units.round(cacheRead),
                cost(usage),
                Units.round(usage.stream().mapToDouble(this::unpriced).sum()),
                Units.millis(p95(took)),
                Units.share(cacheRead, input));
    }

    /** By nearest rank of the weights; the calls are in order of their length. */
    private static long p95(List<Took> took) {
        double wanted = 0.95 * took.stream().mapToDouble(Took::weight).sum() * (1 - 1e-9);
        double upTo = 0;
        for (Took one : took) {
            upTo += one.weight();
            if (upTo >= wanted) {
                return one.micros();
            }
        }
        return 0;
    }

    private @Nullable Double cost(List<Usage> usage) {
        double sum = 0;
        boolean any = false;
        for (Usage one : usage) {
            Double usd = usd(one);
            if (usd != null && one.counted() > 0) {
                sum += usd;
                any = true;
            }
        }
        return any ? (Double) Units.round(sum) : null;
    }

    /** Dollars, or null when the model has no price. */
    @Nullable
    Double usd(Usage usage) {
        return prices.usd(
                usage.responseModel(),
                usage.requestModel(),
                usage.input(),
                usage.output(),
                usage.cacheRead(),
                usage.cacheWrite());
    }

    private double unpriced(Usage usage) {
        return usd(usage) == null ? usage.calls() : usage.calls() - usage.counted();
    }

    private List<Model> models(AiQuery query, Selection bounded, List<Usage> usage, List<Took> took) {
        AiQuery within =
                new AiQuery(bounded, query.model(), query.provider(), query.kind(), query.error(), query.order());
        Map<String, List<Usage>> byModel = new LinkedHashMap<>();
        usage.forEach(one ->
                byModel.computeIfAbsent(name(one), unused -> new ArrayList<>()).add(one));
        Map<String, List<Usage>> slices = new LinkedHashMap<>();
        store.ai()
                .usage(within, SLICES)
                .forEach(one -> slices.computeIfAbsent(name(one), unused -> new ArrayList<>())
                        .add(one));
        double step = (bounded.toNanos() - bounded.fromNanos()) / 1e6 / SLICES;
        List<Model> models = new ArrayList<>();
        byModel.forEach((model, rows) -> {
            Totals totals = totals(
                    rows,
                    took.stream()
                            .filter(one -> name(one.responseModel(), one.requestModel())
                                    .equals(model))
                            .toList());
            double[] cost = new double[SLICES];
            double[] calls = new double[SLICES];
            for (Usage slice : slices.getOrDefault(model, List.of())) {
                int i = Math.min(SLICES - 1, Math.max(0, slice.slice()));
                cost[i] += orZero(usd(slice));
                calls[i] += slice.calls();
            }
            models.add(new Model(
                    model,
                    totals.calls(),
                    totals.costUsd(),
                    totals.unpriced(),
                    totals.inputTokens(),
                    totals.outputTokens(),
                    totals.p95Ms(),
                    totals.errorShare(),
                    new ModelTrend(Units.at(bounded.fromNanos()), step, cost, calls)));
        });
        models.sort(Comparator.comparingDouble(Model::calls).reversed());
        return models;
    }

    private static String name(Usage usage) {
        return name(usage.responseModel(), usage.requestModel());
    }

    private static String name(@Nullable String responseModel, @Nullable String requestModel) {
        return Objects.requireNonNullElse(responseModel == null ? requestModel : responseModel, "unknown");
    }

    private static double orZero(@Nullable Double value) {
        return value == null ? 0 : value;
    }

    private List<Call> calls(List<AiCall> page) {
        Map<String, SpanRecord> spans = new LinkedHashMap<>();
        for (String trace : page.stream().map(AiCall::traceId).distinct().toList()) {
            for (StoredSpan stored : store.traces().spans(trace, 2_000)) {
                spans.put(trace + stored.span().spanId(), stored.span());
            }
        }
        return page.stream()
                .map(call -> {
                    SpanRecord span = spans.get(call.traceId() + call.spanId());
                    return call(call, Attributes.of(span == null ? null : span.attributes()), span);
                })
                .toList();
    }

    /** One call with what its span says beside. */
    Call call(AiCall call, Attributes attributes, @Nullable SpanRecord span) {
        Long input = call.inputTokens();
        Long output = call.outputTokens();
        String streaming = attributes.text("gen_ai.request.stream", "gen_ai.response.streaming", "ai.streaming");
        return new Call(
                call.spanId(),
                call.traceId(),
                call.startMicros() / 1_000.0,
                Units.millis(call.durationMicros()),
                span == null ? call.operation().name() : span.name(),
                call.operation().key(),
                call.operation().service(),
                call.kind(),
                call.provider(),
                call.requestModel(),
                call.responseModel(),
                new Tokens(
                        input,
                        output,
                        call.cacheReadTokens(),
                        call.cacheWriteTokens(),
                        call.reasoningTokens(),
                        input == null || output == null ? null : (Long) (input + output)),
                prices.cost(call),
                call.firstTokenMillis(),
                finishReasons(attributes),
                "true".equals(streaming) || call.firstTokenMillis() != null,
                attributes.number("gen_ai.request.temperature", "ai.temperature"),
                call.error()
                        ? "error"
                        : span == null ? "unset" : span.status().name().toLowerCase(Locale.ROOT),
                span == null ? null : span.errorType(),
                toolCalls(attributes),
                attributes.text("gen_ai.conversation.id"),
                CONTENT.stream().anyMatch(key -> attributes.text(key) != null),
                call.weight());
    }

    private static List<String> finishReasons(Attributes attributes) {
        JsonNode reasons = attributes.json().path("gen_ai.response.finish_reasons");
        JsonNode list =
                reasons.isTextual() && reasons.asText().startsWith("[") ? Attributes.tree(reasons.asText()) : reasons;
        List<String> texts = new ArrayList<>();
        if (list.isArray()) {
            list.forEach(reason -> texts.add(reason.asText()));
        } else if (list.isTextual()) {
            texts.add(list.asText());
        }
        return texts;
    }

    private static int toolCalls(Attributes attributes) {
        String calls = attributes.text("gen_ai.response.tool_calls", "ai.tool_calls");
        JsonNode list = Attributes.tree(calls);
        return list.isArray() ? list.size() : 0;
    }
}
