/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sentry;

import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.Locale;
import java.util.Objects;

/**
 * What a span is in Sentry's words, computed from the attributes of OpenTelemetry's conventions, old and new. The
 * operation is never the span's name: the product's pages ask for known ones.
 *
 * @param op for example {@code http.server}, {@code db}, {@code gen_ai.chat}
 * @param description of a span; the name of a transaction
 * @param source how good the name is: {@code route}, {@code url}, {@code task}, {@code custom}
 * @param origin who made it: {@code auto.CATEGORY.opentelemetry}
 */
record SpanMapping(String op, String description, String source, String origin) {
    private static final String FUNCTION = "function";

    /**
     * Maps a span.
     * @param root whether it is the root of its transaction
     */
    static SpanMapping of(SpanData span, Attributed attributes, boolean root) {
        SpanMapping computed = computed(span, attributes, root);
        return new SpanMapping(
                Objects.requireNonNullElse(attributes.text("sentry.op"), computed.op),
                Objects.requireNonNullElse(
                        attributes.text("sentry.name", "sentry.custom_span_name", "sentry.description"),
                        computed.description),
                Objects.requireNonNullElse(attributes.text("sentry.source"), computed.source),
                Objects.requireNonNullElse(attributes.text("sentry.origin"), computed.origin));
    }

    private static SpanMapping computed(SpanData span, Attributed attributes, boolean root) {
        if (attributes.has("gen_ai.operation.name", "gen_ai.provider.name", "gen_ai.system", "ai.model", "tool.name")) {
            return genAi(span, attributes);
        }
        if (attributes.has("db.system.name", "db.system")) {
            return db(span, attributes);
        }
        if (attributes.has("messaging.system", "messaging.operation.type", "messaging.destination.name")) {
            return messaging(span, attributes);
        }
        if (attributes.has("rpc.system.name", "rpc.system", "rpc.service")) {
            return new SpanMapping("rpc", rpcName(span, attributes), "route", origin("rpc"));
        }
        if (attributes.has("graphql.operation.type")) {
            return graphql(span, attributes);
        }
        if (attributes.has("http.request.method", "http.method")) {
            return http(span, attributes, root);
        }
        String trigger = attributes.text("faas.trigger");
        return trigger == null
                ? new SpanMapping(FUNCTION, span.getName(), "custom", origin(FUNCTION))
                : new SpanMapping(trigger, span.getName(), "route", origin("faas"));
    }

    private static SpanMapping genAi(SpanData span, Attributed attributes) {
        String operation = GenAi.operation(attributes);
        if (operation == null) {
            return new SpanMapping("gen_ai", span.getName(), "task", origin("ai"));
        }
        String subject = GenAi.subject(operation, attributes);
        String description = subject == null ? operation : operation + " " + subject;
        return new SpanMapping("gen_ai." + operation, description, "task", origin("ai"));
    }

    private static SpanMapping db(SpanData span, Attributed attributes) {
        String statement = attributes.text("db.statement", "db.query.text", "db.query.summary");
        return new SpanMapping("db", Objects.requireNonNullElse(statement, span.getName()), "task", origin("db"));
    }

    private static SpanMapping messaging(SpanData span, Attributed attributes) {
        String destination = attributes.text("messaging.destination.template", "messaging.destination.name");
        return new SpanMapping(
                queueOp(span, attributes),
                Objects.requireNonNullElse(destination, span.getName()),
                "task",
                origin("queue"));
    }

    private static String queueOp(SpanData span, Attributed attributes) {
        String operation = Objects.requireNonNullElse(
                attributes.text("messaging.operation.type", "messaging.operation", "messaging.operation.name"), "");
        return switch (operation.toLowerCase(Locale.ROOT)) {
            case "publish", "send" -> "queue.publish";
            case "create" -> "queue.create";
            case "receive" -> "queue.receive";
            case "process", "deliver" -> "queue.process";
            case "settle" -> "queue.settle";
            default ->
                span.getKind() == SpanKind.PRODUCER
                        ? "queue.publish"
                        : span.getKind() == SpanKind.CONSUMER ? "queue.process" : "queue";
        };
    }

    private static String rpcName(SpanData span, Attributed attributes) {
        String service = attributes.text("rpc.service");
        String method = attributes.text("rpc.method");
        return service == null || method == null || method.contains("/") ? span.getName() : service + "/" + method;
    }

    private static SpanMapping graphql(SpanData span, Attributed attributes) {
        String type = attributes.text("graphql.operation.type");
        String name = attributes.text("graphql.operation.name");
        String description = name == null ? span.getName() : type + " " + name;
        return new SpanMapping("graphql." + type, description, "task", origin("graphql"));
    }

    private static SpanMapping http(SpanData span, Attributed attributes, boolean root) {
        String op = "http" + httpSuffix(span.getKind(), root);
        String method = attributes.text("http.request.method", "http.method");
        String route = attributes.text("http.route");
        String path = route != null ? route : attributes.text("http.target", "url.full", "http.url", "url.path");
        if (path == null) {
            return new SpanMapping(op, span.getName(), "custom", origin("http"));
        }
        String source = route == null ? "url" : "route";
        return new SpanMapping(op, method + " " + withoutQuery(path), source, origin("http"));
    }

    private static String httpSuffix(SpanKind kind, boolean root) {
        return switch (kind) {
            case CLIENT -> ".client";
            case SERVER -> ".server";
            default -> root ? "" : ".client";
        };
    }

    /** Cuts what may carry a secret: query and fragment. */
    static String withoutQuery(String url) {
        for (int i = 0; i < url.length(); i++) {
            if (url.charAt(i) == '?' || url.charAt(i) == '#') {
                return url.substring(0, i);
            }
        }
        return url;
    }

    private static String origin(String category) {
        return "auto." + category + ".opentelemetry";
    }
}
