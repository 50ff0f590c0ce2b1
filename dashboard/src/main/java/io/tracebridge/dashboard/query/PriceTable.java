/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tracebridge.dashboard.store.AiCall;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Prices of models, US dollars for a million tokens, with the date they were written down. A file of the same shape adds to the built-in table
 * and wins over it: {@code {"date":"2026-11-01","models":{"my-model":{"input":1.0,"output":2.0}}}}.
 *
 * <p>Immutable. A model is found by its name, then by the longest name in the table that it starts with when the rest is only the date or build of a
 * snapshot; else it has no price, which is never shown as zero. What stands before a {@code /} or, as on Bedrock, region and vendor before a dot is left out.
 * @since 0.1
 */
public final class PriceTable {
    private static final Logger LOG = LoggerFactory.getLogger("io.tracebridge.dashboard");
    private static final ObjectMapper JSON = new ObjectMapper();

    /** {@code us.anthropic.} in {@code us.anthropic.claude-sonnet-4-20250514-v1:0}. */
    private static final Pattern PLATFORM = Pattern.compile("^(?:[a-z]+\\.)+");
    /**
     * {@code -2024-08-06}, {@code -20250514}, {@code @001}, {@code -latest}, {@code -v1:0}; not {@code -mini}, and not {@code -5} or {@code .1}: these are other models
     * with other prices.
     */
    private static final Pattern SNAPSHOT = Pattern.compile(
            "(?:[-@:](?:latest|exp|preview(?:-\\d{2}-\\d{2})?|v\\d+(?::\\d+)?|\\d{4}-\\d{2}(?:-\\d{2})?|\\d{2}-\\d{4}|\\d{3,8}))+");

    private final Map<String, Price> prices;
    private final String date;
    private final String source;

    /** Dollars for a million tokens; cache prices are null where cached tokens cost what others do. */
    private record Price(
            double input,
            double output,
            @Nullable Double cacheRead,
            @Nullable Double cacheWrite,
            String date,
            String source) {}

    private PriceTable(Map<String, Price> prices, String date, String source) {
        this.prices = prices;
        this.date = date;
        this.source = source;
    }

    /**
     * The built-in table, with the file's prices over it.
     * @param overrides null for none; a file that cannot be read is named once in the log and left out
     */
    public static PriceTable load(@Nullable Path overrides) {
        Map<String, Price> prices = new LinkedHashMap<>();
        String date = read(prices, builtIn(), "built in");
        if (overrides == null) {
            return new PriceTable(prices, date, "built in");
        }
        try {
            String own = read(prices, JSON.readTree(Files.readAllBytes(overrides)), "own table");
            return new PriceTable(prices, own.isEmpty() ? date : own, "own table over built in");
        } catch (IOException e) {
            LOG.warn("the price table {} cannot be read, built-in prices are used: {}", overrides, e.getMessage());
            return new PriceTable(prices, date, "built in");
        }
    }

    private static JsonNode builtIn() {
        try (InputStream table = PriceTable.class.getResourceAsStream("prices.json")) {
            if (table == null) {
                throw new IllegalStateException("no price table");
            }
            return JSON.readTree(table);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Map<String, Price> prices, JsonNode table, String source) {
        String date = table.path("date").asText("");
        table.path("models").properties().forEach(entry -> {
            JsonNode price = entry.getValue();
            if (price.path("input").isNumber() && price.path("output").isNumber()) {
                prices.put(
                        entry.getKey().toLowerCase(Locale.ROOT),
                        new Price(
                                price.path("input").asDouble(),
                                price.path("output").asDouble(),
                                optional(price.path("cacheRead")),
                                optional(price.path("cacheWrite")),
                                date,
                                source));
            }
        });
        return date;
    }

    private static @Nullable Double optional(JsonNode number) {
        return number.isNumber() ? (Double) number.asDouble() : null;
    }

    public String date() {
        return date;
    }

    public String source() {
        return source;
    }

    public int models() {
        return prices.size();
    }

    /** What a call cost. */
    Cost cost(AiCall call) {
        String name = match(call.responseModel(), call.requestModel());
        Price price = name == null ? null : prices.get(name);
        Long input = call.inputTokens();
        // embeddings have no answer to count
        Long output = call.outputTokens() == null && call.kind().equals("embeddings") ? (Long) 0L : call.outputTokens();
        if (price == null || input == null || output == null) {
            return Cost.NONE;
        }
        StringJoiner sum = new StringJoiner(" + ");
        double usd = usd(price, input, output, orZero(call.cacheReadTokens()), orZero(call.cacheWriteTokens()), sum);
        String text = money(usd);
        return new Cost(usd, text, sum + " = " + text, price.date(), name, price.source());
    }

    /** Dollars for tokens of a model; null when it has no price. */
    @Nullable
    Double usd(
            @Nullable String responseModel,
            @Nullable String requestModel,
            double input,
            double output,
            double cacheRead,
            double cacheWrite) {
        String name = match(responseModel, requestModel);
        Price price = name == null ? null : prices.get(name);
        return price == null ? null : (Double) usd(price, input, output, cacheRead, cacheWrite, null);
    }

    private static double usd(
            Price price, double input, double output, double read, double write, @Nullable StringJoiner sum) {
        // cached tokens are part of the input: what is priced apart is taken out, and never below zero
        Double readPrice = price.cacheRead();
        Double writePrice = price.cacheWrite();
        double apartRead = readPrice == null ? 0 : Math.min(read, input);
        double apartWrite = writePrice == null ? 0 : Math.min(write, input - apartRead);
        double usd = part(input - apartRead - apartWrite, price.input(), sum);
        usd += readPrice == null ? 0 : part(apartRead, readPrice, sum);
        usd += writePrice == null ? 0 : part(apartWrite, writePrice, sum);
        return Units.round(usd + part(output, price.output(), sum));
    }

    private static double part(double tokens, double perMillion, @Nullable StringJoiner sum) {
        if (sum != null && tokens > 0) {
            sum.add(Units.count(tokens) + " × $" + decimal("0.00##", perMillion) + "/M");
        }
        return tokens * perMillion / 1_000_000;
    }

    private static String money(double usd) {
        return "$" + decimal(usd >= 1 ? "#,##0.00" : usd >= 0.001 || usd == 0 ? "0.0000" : "0.000000", usd);
    }

    private static String decimal(String pattern, double value) {
        return new DecimalFormat(pattern, DecimalFormatSymbols.getInstance(Locale.ROOT)).format(value);
    }

    private static double orZero(@Nullable Long value) {
        return value == null ? 0 : value;
    }

    private @Nullable String match(@Nullable String... models) {
        for (String model : models) {
            String name = model == null ? null : match(model);
            if (name != null) {
                return name;
            }
        }
        return null;
    }

    private @Nullable String match(String model) {
        String lower = model.toLowerCase(Locale.ROOT);
        String plain =
                PLATFORM.matcher(lower.substring(lower.lastIndexOf('/') + 1)).replaceFirst("");
        if (prices.containsKey(lower)) {
            return lower;
        }
        if (prices.containsKey(plain)) {
            return plain;
        }
        String best = null;
        for (String name : prices.keySet()) {
            if (plain.startsWith(name)
                    && SNAPSHOT.matcher(plain.substring(name.length())).matches()
                    && (best == null || name.length() > best.length())) {
                best = name;
            }
        }
        return best;
    }
}
