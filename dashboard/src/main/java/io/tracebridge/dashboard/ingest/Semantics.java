/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ingest;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a span means, the same for both protocols: its category, its kind when the sender has none, and the operation
 * that it is counted under.
 */
final class Semantics {
    private static final Set<String> CACHES = Set.of("redis", "memcached", "valkey");
    private static final int MAX_OPERATION = 200;

    private Semantics() {}

    /** Returns {@code ai}, {@code db}, {@code cache}, {@code queue}, {@code rpc}, {@code http} or {@code code}. */
    static String category(String sentryOp, String kind, Attributes attributes) {
        if (isAi(sentryOp, attributes)) {
            return "ai";
        }
        String database = attributes.text("db.system.name", "db.system");
        if (sentryOp.startsWith("cache") || (database != null && CACHES.contains(database))) {
            return "cache";
        }
        if (database != null
                || sentryOp.equals("db")
                || sentryOp.startsWith("db.")
                || attributes.has("db.query.text")
                || attributes.has("db.statement")) {
            return "db";
        }
        if (sentryOp.startsWith("queue")
                || attributes.has("messaging.system")
                || kind.equals("producer")
                || kind.equals("consumer")) {
            return "queue";
        }
        if (attributes.has("rpc.system")
                || attributes.has("rpc.system.name")
                || sentryOp.startsWith("rpc")
                || sentryOp.startsWith("grpc")) {
            return "rpc";
        }
        boolean http = attributes.has("http.request.method")
                || attributes.has("http.method")
                || attributes.has("http.route")
                || sentryOp.startsWith("http");
        return http ? "http" : "code";
    }

    private static boolean isAi(String sentryOp, Attributes attributes) {
        return sentryOp.startsWith("gen_ai")
                || attributes.anyKeyStartsWith("gen_ai.")
                || attributes.has("llm.model_name")
                || attributes.has("openinference.span.kind");
    }

    /** The span kind that a Sentry op implies. */
    static String kindOf(String sentryOp) {
        return switch (sentryOp) {
            case "http.server", "rpc.server", "grpc.server", "function.aws", "websocket.server" -> "server";
            case "queue.process", "queue.receive", "queue.task" -> "consumer";
            case "queue.publish", "queue.create", "queue.submit" -> "producer";
            default ->
                sentryOp.startsWith("http.client")
                                || sentryOp.startsWith("db")
                                || sentryOp.startsWith("cache")
                                || sentryOp.startsWith("rpc")
                                || sentryOp.startsWith("grpc")
                        ? "client"
                        : "internal";
        };
    }

    /** The name that calls of one sort share: ids, literals and addresses out, routes and models in. */
    static String operation(String name, String kind, String category, Attributes attributes) {
        String operation = switch (category) {
            case "http" -> http(name, kind, attributes);
            case "db", "cache" -> database(name, attributes);
            case "rpc" -> rpc(name, attributes);
            case "ai" -> ai(name, attributes);
            default -> null;
        };
        String text = operation == null ? OperationNames.withoutIds(name) : operation;
        String bounded = text.length() <= MAX_OPERATION ? text : text.substring(0, MAX_OPERATION);
        return bounded.isBlank() ? category : bounded;
    }

    private static @Nullable String http(String name, String kind, Attributes attributes) {
        String method = attributes.text("http.request.method", "http.method");
        String route = attributes.text("http.route", "url.template");
        if (route != null && !name.endsWith(route) && method != null) {
            return method + " " + route;
        }
        if (!kind.equals("client")) {
            return null;
        }
        String host = attributes.text("server.address", "net.peer.name", "http.host");
        int scheme = name.indexOf("://");
        boolean onlyMethod = method != null && name.equalsIgnoreCase(method);
        if (scheme < 0 && !(onlyMethod && host != null)) {
            return null;
        }
        String verb = method != null ? method : OperationNames.firstWord(name);
        String where = host != null ? host : OperationNames.hostOf(name.substring(scheme + 3));
        return verb.toUpperCase(Locale.ROOT) + " " + where;
    }

    private static @Nullable String database(String name, Attributes attributes) {
        if (!SqlShape.looksLikeSql(name)) {
            return null;
        }
        String summary = attributes.text("db.query.summary");
        return summary != null ? summary : SqlShape.of(name);
    }

    private static @Nullable String rpc(String name, Attributes attributes) {
        String service = attributes.text("rpc.service");
        String method = attributes.text("rpc.method");
        boolean useless = method != null && !name.contains(method);
        return useless ? (service == null ? method : service + "/" + method) : null;
    }

    private static @Nullable String ai(String name, Attributes attributes) {
        String operation = attributes.text("gen_ai.operation.name");
        String model = attributes.text("gen_ai.request.model", "llm.model_name");
        boolean varies = !OperationNames.withoutIds(name).equals(name) || name.isBlank();
        return varies && operation != null ? (model == null ? operation : operation + " " + model) : null;
    }
}
