/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.api;

import com.linecorp.armeria.common.QueryParams;
import io.tracebridge.dashboard.query.Cursor;
import io.tracebridge.dashboard.store.Selection;
import io.tracebridge.dashboard.store.Selection.AttributeTest;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the parameters of a request; what is not as expected is a 400 that says what was. */
final class Parameters {
    private static final Pattern AGE = Pattern.compile("(\\d{1,9})(s|m|h|d)");
    private static final Map<String, Long> UNITS = Map.of("s", 1L, "m", 60L, "h", 3_600L, "d", 86_400L);
    private static final int MAX_TEXT = 512;
    private static final int MAX_VALUES = 50;
    // rates over less than this are noise: three requests in the first second are not 180 a minute
    private static final long LEAST_AGE_NANOS = 60_000_000_000L;

    private final QueryParams query;
    private final long nowNanos;
    private final LongSupplier oldestNanos;

    /**
     * Reads; asks for nothing yet.
     * @param oldestNanos time of the oldest stored record
     */
    Parameters(QueryParams query, long nowNanos, LongSupplier oldestNanos) {
        this.query = query;
        this.nowNanos = nowNanos;
        this.oldestNanos = oldestNanos;
    }

    /**
     * The filters. An age as {@code from} reaches back to the oldest record at most (and a minute at least): the last hour of a
     * server that received its first record three minutes ago is three minutes, in rates and on the axis of charts.
     */
    Selection selection() {
        long from = time("from", Long.MIN_VALUE);
        String age = query.get("from");
        if (age != null && AGE.matcher(age).matches()) {
            from = Math.max(from, Math.min(oldestNanos.getAsLong(), nowNanos - LEAST_AGE_NANOS));
        }
        long to = time("to", Long.MAX_VALUE);
        if (from != Long.MIN_VALUE && to != Long.MAX_VALUE && from >= to) {
            throw ApiException.badParameter("to", "later than from", String.valueOf(query.get("to")));
        }
        return new Selection(texts("service"), texts("environment"), texts("run"), from, to, text("q"), attributes());
    }

    /** A value that is not empty, or null. */
    @Nullable
    String text(String name) {
        String value = query.get(name);
        if (value == null || value.isEmpty()) {
            return null;
        }
        if (value.length() > MAX_TEXT) {
            throw ApiException.badParameter(name, "at most " + MAX_TEXT + " characters", value);
        }
        return value;
    }

    List<String> texts(String name) {
        List<String> values =
                query.getAll(name).stream().filter(value -> !value.isEmpty()).toList();
        if (values.size() > MAX_VALUES) {
            throw ApiException.badParameter(name, "given at most " + MAX_VALUES + " times", values.size() + " values");
        }
        return values;
    }

    private List<AttributeTest> attributes() {
        List<AttributeTest> tests = new ArrayList<>();
        for (String value : texts("attr")) {
            boolean negated = value.startsWith("!");
            String rest = negated ? value.substring(1) : value;
            int colon = rest.indexOf(':');
            String key = colon < 0 ? rest : rest.substring(0, colon);
            if (key.isEmpty() || value.length() > MAX_TEXT) {
                throw ApiException.badParameter("attr", "key:value, key, !key:value or !key", value);
            }
            tests.add(new AttributeTest(key, colon < 0 ? null : rest.substring(colon + 1), negated));
        }
        return tests;
    }

    private long time(String name, long otherwise) {
        String value = text(name);
        if (value == null) {
            return otherwise;
        }
        Matcher age = AGE.matcher(value);
        if (age.matches()) {
            long seconds = Long.parseLong(age.group(1)) * UNITS.getOrDefault(age.group(2), 1L);
            return nowNanos - Math.min(seconds, 3_000_000_000L) * 1_000_000_000L;
        }
        try {
            if (value.indexOf('T') > 0) {
                var instant = OffsetDateTime.parse(value).toInstant();
                return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), 1_000_000_000L), instant.getNano());
            }
            double millis = Double.parseDouble(value);
            if (millis >= 0 && millis < 9e12) {
                return Math.round(millis * 1_000) * 1_000;
            }
        } catch (DateTimeException | ArithmeticException | NumberFormatException e) {
            // told below, like a number out of range
        }
        throw ApiException.badParameter(
                name, "milliseconds since 1970, an instant like 2026-11-24T20:00:00Z or an age like 15m", value);
    }

    long number(String name, long otherwise, long least, long most) {
        String value = text(name);
        if (value == null) {
            return otherwise;
        }
        try {
            long number = Long.parseLong(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // told below, like a number out of range
        }
        throw ApiException.badParameter(name, "a number from " + least + " to " + most, value);
    }

    /** Milliseconds with decimals as microseconds. */
    long micros(String name, long otherwise) {
        String value = text(name);
        if (value == null) {
            return otherwise;
        }
        try {
            double millis = Double.parseDouble(value);
            if (millis >= 0 && millis < 1e12) {
                return Math.round(millis * 1_000);
            }
        } catch (NumberFormatException e) {
            // told below, like a number out of range
        }
        throw ApiException.badParameter(name, "milliseconds, from 0", value);
    }

    int limit() {
        return (int) number("limit", 50, 1, 200);
    }

    boolean flag(String name) {
        return oneOf(name, "false", List.of("true", "false")).equals("true");
    }

    String oneOf(String name, String otherwise, List<String> allowed) {
        String value = optionalOneOf(name, allowed);
        return value == null ? otherwise : value;
    }

    @Nullable
    String optionalOneOf(String name, List<String> allowed) {
        String value = text(name);
        if (value != null && !allowed.contains(value)) {
            throw ApiException.badParameter(name, "one of " + String.join(", ", allowed), value);
        }
        return value;
    }

    /** What one of the allowed names stands for. */
    <E> E constant(String name, E otherwise, Map<String, E> allowed) {
        String value = optionalOneOf(name, allowed.keySet().stream().sorted().toList());
        return value == null ? otherwise : allowed.getOrDefault(value, otherwise);
    }

    @Nullable
    Boolean errorStatus() {
        String status = optionalOneOf("status", List.of("error", "ok"));
        return status == null ? null : (Boolean) status.equals("error");
    }

    /** The offset in a cursor of one number; 0 without one. */
    long offset() {
        String cursor = text("cursor");
        try {
            long offset = cursor == null ? 0 : Cursor.number(cursor);
            if (offset >= 0 && offset <= 1_000_000) {
                return offset;
            }
        } catch (IllegalArgumentException e) {
            // told below
        }
        throw ApiException.badParameter("cursor", "the next of the page before", String.valueOf(cursor));
    }

    /** A number and a text in a cursor, or null without one. */
    record Position(long number, String text) {}

    @Nullable
    Position position() {
        String cursor = text("cursor");
        if (cursor == null) {
            return null;
        }
        try {
            String[] parts = Cursor.parts(cursor, 2);
            return new Position(Long.parseLong(parts[0]), parts[1]);
        } catch (IllegalArgumentException e) {
            throw ApiException.badParameter("cursor", "the next of the page before", cursor);
        }
    }

    /** An id of hex digits in lower case. */
    static String hex(String name, @Nullable String value) {
        String id = value == null ? "" : value.toLowerCase(Locale.ROOT).replace("-", "");
        if (!id.matches("[0-9a-f]{1,64}")) {
            throw ApiException.badParameter(name, "hex digits", String.valueOf(value));
        }
        return id;
    }
}
