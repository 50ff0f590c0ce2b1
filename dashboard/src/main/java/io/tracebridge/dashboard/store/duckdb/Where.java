/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store.duckdb;

import static java.util.Locale.ROOT;

import io.tracebridge.dashboard.store.Filter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Builds the condition of a query from a {@link Filter}. Values are always parameters.
 *
 * <p>Not thread-safe.
 */
final class Where {
    private final StringBuilder text = new StringBuilder("TRUE");
    private final List<@Nullable Object> parameters = new ArrayList<>();

    /** Service, environment, run and time. */
    static Where scope(Filter filter, String timeColumn) {
        Where where = new Where();
        where.equal("service", filter.service());
        where.equal("environment", filter.environment());
        where.equal("run_id", filter.runId());
        if (filter.fromNanos() != Long.MIN_VALUE) {
            where.and(timeColumn + " >= ?", filter.fromNanos());
        }
        if (filter.toNanos() != Long.MAX_VALUE) {
            where.and(timeColumn + " < ?", filter.toNanos());
        }
        return where;
    }

    /** All of a filter: the text is looked for in the given columns, attributes in one JSON column. */
    static Where of(Filter filter, String timeColumn, String attributesColumn, String... textColumns) {
        Where where = scope(filter, timeColumn);
        if (filter.text() != null) {
            where.contains(filter.text(), textColumns);
        }
        for (Map.Entry<String, String> attribute : filter.attributes().entrySet()) {
            where.and(
                    "json_extract_string(" + attributesColumn + ", ?) = ?",
                    jsonPath(attribute.getKey()),
                    attribute.getValue());
        }
        return where;
    }

    /** The JSON path of one flat key, quotes in it escaped. */
    static String jsonPath(String key) {
        return "$.\"" + key.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    Where equal(String column, @Nullable String value) {
        return value == null ? this : and(column + " = ?", value);
    }

    Where and(String condition, @Nullable Object... values) {
        text.append(" AND ").append(condition);
        parameters.addAll(Arrays.asList(values));
        return this;
    }

    private void contains(String part, String... columns) {
        List<String> conditions = new ArrayList<>();
        for (String column : columns) {
            conditions.add("contains(lower(" + column + "), ?)");
            parameters.add(part.toLowerCase(ROOT));
        }
        text.append(" AND (").append(String.join(" OR ", conditions)).append(')');
    }

    String text() {
        return text.toString();
    }

    /** The parameters so far, followed by these. */
    @Nullable
    Object[] parameters(@Nullable Object... more) {
        List<@Nullable Object> all = new ArrayList<>(parameters);
        all.addAll(Arrays.asList(more));
        return all.toArray();
    }
}
