/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store.duckdb;

import static java.util.Locale.ROOT;

import io.tracebridge.dashboard.store.Filter;
import io.tracebridge.dashboard.store.OperationRef;
import io.tracebridge.dashboard.store.Selection;
import java.util.Collections;
import java.util.List;

/** Conditions of queries from a {@link Selection}. Values are always parameters. */
final class SelectionWhere {
    private SelectionWhere() {}

    /** Environment, run and attributes of a derived table. */
    private static Where common(Selection selection) {
        Where where = Where.scope(Filter.ALL, "start_us");
        anyOf(where, "environment", selection.environments());
        anyOf(where, "run_id", selection.runs());
        return where;
    }

    /** An end of a selection in microseconds; no end stays no end. */
    static long micros(long nanos) {
        return nanos == Long.MIN_VALUE || nanos == Long.MAX_VALUE ? nanos : Math.floorDiv(nanos, 1_000L);
    }

    private static void micros(Where where, Selection selection) {
        if (selection.fromNanos() != Long.MIN_VALUE) {
            where.and("start_us >= ?", micros(selection.fromNanos()));
        }
        if (selection.toNanos() != Long.MAX_VALUE) {
            where.and("start_us < ?", micros(selection.toNanos()));
        }
    }

    /** For a derived table with one operation in each row. */
    static Where operations(Selection selection, OperationBook book) {
        Where where = common(selection);
        micros(where, selection);
        if (!selection.services().isEmpty()) {
            where.and(
                    "operation IN (" + book.idsWhere(one -> selection.services().contains(one.service())) + ")");
        }
        String text = selection.text();
        if (text != null) {
            String part = text.toLowerCase(ROOT);
            where.and("operation IN ("
                    + book.idsWhere(
                            (OperationRef one) -> one.name().toLowerCase(ROOT).contains(part)) + ")");
        }
        attributes(where, selection, "trace_id");
        return where;
    }

    /** For the table of traces. */
    static Where traces(Selection selection, OperationBook book) {
        Where where = common(selection);
        micros(where, selection);
        if (!selection.services().isEmpty()) {
            String[] lines = selection.services().stream()
                    .map(name -> '\n' + name + '\n')
                    .toArray(String[]::new);
            where.and(
                    String.join(" OR ", Collections.nCopies(lines.length, "contains(services, ?)"))
                            .transform(any -> "(" + any + ")"),
                    (Object[]) lines);
        }
        String text = selection.text();
        if (text != null) {
            String part = text.toLowerCase(ROOT);
            where.and(
                    "(root IN ("
                            + book.idsWhere(one -> one.name().toLowerCase(ROOT).contains(part))
                            + ") OR contains(lower(services), ?) OR starts_with(trace_id, ?))",
                    part,
                    part);
        }
        attributes(where, selection, "trace_id");
        return where;
    }

    /** For a table of records with {@code service}, a time in nanoseconds and JSON attributes of their own. */
    static Where records(Selection selection, String timeColumn, String attributesColumn, String... textColumns) {
        Where where = common(selection);
        anyOf(where, "service", selection.services());
        if (selection.fromNanos() != Long.MIN_VALUE) {
            where.and(timeColumn + " >= ?", selection.fromNanos());
        }
        if (selection.toNanos() != Long.MAX_VALUE) {
            where.and(timeColumn + " < ?", selection.toNanos());
        }
        String text = selection.text();
        if (text != null) {
            String part = text.toLowerCase(ROOT);
            String condition = List.of(textColumns).stream()
                    .map(column -> "contains(lower(" + column + "), ?)")
                    .reduce((left, right) -> left + " OR " + right)
                    .orElse("TRUE");
            where.and("(" + condition + ")", (Object[])
                    Collections.nCopies(textColumns.length, part).toArray(String[]::new));
        }
        for (Selection.AttributeTest test : selection.attributes()) {
            attribute(where, test, attributesColumn);
        }
        return where;
    }

    /** Traces in which some span passes each test. */
    private static void attributes(Where where, Selection selection, String column) {
        for (Selection.AttributeTest test : selection.attributes()) {
            Selection.AttributeTest positive = new Selection.AttributeTest(test.key(), test.value(), false);
            Where spans = Where.scope(Filter.ALL, "start_ns");
            attribute(spans, positive, "attributes");
            where.and(
                    column + (test.negated() ? " NOT IN" : " IN") + " (SELECT trace_id FROM spans WHERE " + spans.text()
                            + ")",
                    spans.parameters());
        }
    }

    private static void attribute(Where where, Selection.AttributeTest test, String column) {
        String path = Where.jsonPath(test.key());
        String not = test.negated() ? "NOT " : "";
        if (test.value() == null) {
            where.and(not + "coalesce(json_exists(" + column + ", ?), FALSE)", path);
        } else {
            where.and(not + "coalesce(json_extract_string(" + column + ", ?) = ?, FALSE)", path, test.value());
        }
    }

    static void anyOf(Where where, String column, List<String> values) {
        if (!values.isEmpty()) {
            where.and(column + " IN (SELECT unnest(?::VARCHAR[]))", List.copyOf(values));
        }
    }
}
