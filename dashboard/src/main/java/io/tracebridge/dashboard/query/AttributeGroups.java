/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.query;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Attributes by the convention that names them.
 * @since 0.1
 */
public final class AttributeGroups {
    private static final Map<String, String> TITLES = new LinkedHashMap<>();

    static {
        TITLES.put("gen_ai", "Model call");
        TITLES.put("pipeline", "Pipeline");
        TITLES.put("http", "HTTP");
        TITLES.put("db", "Database");
        TITLES.put("messaging", "Queue");
        TITLES.put("rpc", "RPC");
        TITLES.put("exception", "Error");
        TITLES.put("app", "Application");
        TITLES.put("code", "Code");
        TITLES.put("server", "Server");
        TITLES.put("thread", "Thread");
        TITLES.put("tracebridge", "Tracebridge");
    }

    private AttributeGroups() {}

    /** Attributes of one convention. */
    public record Group(String group, String title, List<Item> items) {}

    /** One attribute; {@code type} is {@code string}, {@code number}, {@code boolean} or {@code json}. */
    public record Item(String key, String value, String type) {}

    /** Groups that have attributes, in a fixed order. */
    static List<Group> of(JsonNode attributes) {
        Map<String, List<Item>> byGroup = new LinkedHashMap<>();
        TITLES.keySet().forEach(group -> byGroup.put(group, new ArrayList<>()));
        for (Item item : items(attributes)) {
            byGroup.getOrDefault(group(item.key()), new ArrayList<>()).add(item);
        }
        List<Group> groups = new ArrayList<>();
        byGroup.forEach((group, items) -> {
            if (!items.isEmpty()) {
                groups.add(new Group(group, TITLES.getOrDefault(group, group), items));
            }
        });
        return groups;
    }

    /** All attributes by key. */
    static List<Item> items(JsonNode attributes) {
        List<Item> items = new ArrayList<>();
        attributes.properties().forEach(entry -> {
            JsonNode value = entry.getValue();
            String type = value.isNumber()
                    ? "number"
                    : value.isBoolean() ? "boolean" : value.isValueNode() ? "string" : "json";
            items.add(new Item(entry.getKey(), value.isValueNode() ? value.asText() : value.toString(), type));
        });
        items.sort(Comparator.comparing(Item::key));
        return items;
    }

    private static String group(String key) {
        int dot = key.indexOf('.');
        String first = dot < 0 ? key : key.substring(0, dot);
        return switch (first) {
            case "gen_ai", "ai", "llm" -> "gen_ai";
            case "http", "url", "user_agent", "client" -> "http";
            case "db", "cache" -> "db";
            case "messaging" -> "messaging";
            case "rpc" -> "rpc";
            case "exception", "error" -> "exception";
            case "pipeline", "project", "tool", "step" -> "pipeline";
            case "code" -> "code";
            case "thread" -> "thread";
            case "server", "network", "net", "peer" -> "server";
            case "tracebridge", "sentry", "otel" -> "tracebridge";
            default -> "app";
        };
    }
}
