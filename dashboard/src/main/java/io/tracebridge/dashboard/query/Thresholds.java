/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.query;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From where on something is worth a word. Read from the environment ({@code TRACEBRIDGE_SLOW_MS} …); a value that is not a positive
 * number is named in the log once and the default used.
 *
 * @param slowMillis durations from here on are marked; default 1,000
 * @param slowAiMillis the same for calls to a model; default 10,000
 * @param repeatedCalls similar calls in a row that make an N+1; default 5
 * @param repeatedMillis time they take together; default 50
 * @param serialAiMillis time that running AI calls side by side must save; default 500
 * @param attempts of one call in a row, all but the last failing, that make a retry storm; default 3
 * @since 0.1
 */
public record Thresholds(
        long slowMillis, long slowAiMillis, int repeatedCalls, long repeatedMillis, long serialAiMillis, int attempts) {
    private static final Logger LOG = LoggerFactory.getLogger("io.tracebridge.dashboard");
    private static final long TOO_MUCH = 1_000_000_000;

    public static final Thresholds DEFAULT = new Thresholds(1_000, 10_000, 5, 50, 500, 3);

    /** From a source such as {@code System::getenv}. */
    public static Thresholds from(Function<String, @Nullable String> source) {
        return new Thresholds(
                number(source, "TRACEBRIDGE_SLOW_MS", DEFAULT.slowMillis),
                number(source, "TRACEBRIDGE_SLOW_AI_MS", DEFAULT.slowAiMillis),
                (int) number(source, "TRACEBRIDGE_N_PLUS_ONE_CALLS", DEFAULT.repeatedCalls),
                number(source, "TRACEBRIDGE_N_PLUS_ONE_MS", DEFAULT.repeatedMillis),
                number(source, "TRACEBRIDGE_SERIAL_AI_MS", DEFAULT.serialAiMillis),
                (int) number(source, "TRACEBRIDGE_RETRY_ATTEMPTS", DEFAULT.attempts));
    }

    /** Setting names and values, for the health page. */
    public Map<String, String> described() {
        Map<String, String> lines = new LinkedHashMap<>();
        lines.put("TRACEBRIDGE_SLOW_MS", Long.toString(slowMillis));
        lines.put("TRACEBRIDGE_SLOW_AI_MS", Long.toString(slowAiMillis));
        lines.put("TRACEBRIDGE_N_PLUS_ONE_CALLS", Integer.toString(repeatedCalls));
        lines.put("TRACEBRIDGE_N_PLUS_ONE_MS", Long.toString(repeatedMillis));
        lines.put("TRACEBRIDGE_SERIAL_AI_MS", Long.toString(serialAiMillis));
        lines.put("TRACEBRIDGE_RETRY_ATTEMPTS", Integer.toString(attempts));
        return lines;
    }

    /** From where on a span of this kind is slow. */
    public long slowMillis(String kind) {
        return kind.equals("ai") ? slowAiMillis : slowMillis;
    }

    private static long number(Function<String, @Nullable String> source, String name, long otherwise) {
        String value = source.apply(name);
        if (value == null || value.isBlank()) {
            return otherwise;
        }
        try {
            long number = Long.parseLong(value.trim());
            if (number > 0 && number < TOO_MUCH) {
                return number;
            }
        } catch (NumberFormatException notNumeric) {
            // said below
        }
        LOG.warn(
                "{} is \"{}\", must be a whole number from 1 to {}; {} is used",
                name,
                value,
                Long.toString(TOO_MUCH - 1),
                Long.toString(otherwise));
        return otherwise;
    }
}
