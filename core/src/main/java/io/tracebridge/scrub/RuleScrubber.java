/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.scrub;

import static java.util.Objects.requireNonNull;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The scrubber with our rules. Text is bounded to {@value #MAX_TEXT} characters, then scrubbed, and cut by the sink
 * afterwards; a replacement names the class of what it replaces, for example {@code [redacted:email]}.
 *
 * <p>Immutable and thread-safe. Never throws: a rule that fails replaces the whole text by {@code [redacted:error]},
 * since text that was not looked at must not pass.
 * @since 0.1
 */
public final class RuleScrubber implements Scrubber {
    /** Characters of one text that are looked at; the rest is removed and its length said. */
    public static final int MAX_TEXT = 65_536;

    private static final String FAILED = "[redacted:error]";
    private static final int MAX_DEPTH = 8;
    private static final int MAX_ELEMENTS = 1_000;

    /** A replacement can bring two halves together; more than three passes have not been seen. */
    private static final int MAX_PASSES = 4;

    private final KeyRules keys;
    private final List<ValueRule> rules;
    private final List<UnaryOperator<String>> customRules;
    private final Replacement replacement;

    private RuleScrubber(Builder builder) {
        keys = new KeyRules(builder.secretKeys, builder.allowedKeys);
        replacement = new Replacement(builder.hashKey);
        customRules = List.copyOf(builder.customRules);
        rules = List.of(
                new BlockRule(),
                new TokenRule(),
                new CredentialRule(),
                new PairRule(keys),
                new EmailRule(),
                new NumberRule(),
                new SqlValuesRule());
    }

    /** The default rules. */
    public static RuleScrubber create() {
        return builder().build();
    }

    /** More keys, more patterns, exceptions, or keyed hashes instead of removal. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public String text(String text) {
        try {
            String current = bound(text);
            for (int pass = 0; pass < MAX_PASSES; pass++) {
                String next = onePass(current);
                if (next.equals(current)) {
                    return current;
                }
                current = next;
            }
            return current;
        } catch (Throwable failed) { // a rule of the application's own may throw any error
            unlessFatal(failed);
            return FAILED;
        }
    }

    @Override
    public @Nullable Object value(String key, @Nullable Object value) {
        return value(key, value, 0);
    }

    private String onePass(String text) {
        String result = text;
        TextProfile profile = TextProfile.of(text);
        for (ValueRule rule : rules) {
            if (rule.mayApply(profile)) {
                result = rule.apply(result, replacement);
            }
        }
        for (UnaryOperator<String> rule : customRules) {
            result = requireNonNull(rule.apply(result));
        }
        return result;
    }

    /** Cuts back to a blank where one is near, so that the cut itself does not halve a secret. */
    private static String bound(String text) {
        if (text.length() <= MAX_TEXT) {
            return text;
        }
        int end = MAX_TEXT - 64; // room for the note, so that a second pass leaves the text as it is
        int blank = end;
        while (blank > end - 4_096 && !Character.isWhitespace(text.charAt(blank))) {
            blank--;
        }
        if (Character.isWhitespace(text.charAt(blank))) {
            end = blank;
        }
        String head = Scrubber.cut(text, end);
        return head + " [cut " + (text.length() - head.length()) + " characters]";
    }

    private @Nullable Object value(String key, @Nullable Object value, int depth) {
        if (value == null) {
            return null;
        }
        if (keys.isSecret(key)) {
            return replaced(value);
        }
        if (value instanceof CharSequence || value instanceof Character) {
            return scrubbed(value);
        }
        if (value instanceof Number || value instanceof Boolean || value instanceof Enum<?>) {
            return value;
        }
        if (depth >= MAX_DEPTH) {
            return "[redacted:depth]";
        }
        if (value instanceof Map<?, ?> map) {
            return map(map, depth);
        }
        if (value instanceof Collection<?> collection) {
            return list(key, collection.toArray(), depth);
        }
        if (value.getClass().isArray()) {
            return value instanceof Object[] array ? list(key, array, depth) : primitives(value);
        }
        return scrubbed(value);
    }

    private String replaced(Object secret) {
        try {
            return replacement.of("secret", String.valueOf(secret));
        } catch (Throwable failed) {
            unlessFatal(failed);
            return FAILED;
        }
    }

    // a full stack is the doing of whoever threw it, an exhausted heap is not
    private static void unlessFatal(Throwable thrown) {
        if (thrown instanceof VirtualMachineError fatal && !(thrown instanceof StackOverflowError)) {
            throw fatal;
        }
    }

    private Object scrubbed(Object value) {
        String text;
        try {
            text = String.valueOf(value);
        } catch (Throwable throwingToString) {
            unlessFatal(throwingToString);
            return FAILED;
        }
        String scrubbed = text(text);
        return value instanceof String && scrubbed.equals(value) ? value : scrubbed;
    }

    private Map<String, Object> map(Map<?, ?> map, int depth) {
        Map<String, Object> scrubbed = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            if (scrubbed.size() >= MAX_ELEMENTS) {
                break;
            }
            String key = String.valueOf(entry.getKey());
            Object value = value(key, entry.getValue(), depth + 1);
            if (value != null) {
                scrubbed.put(text(key), value);
            }
        }
        return scrubbed;
    }

    private List<Object> list(String key, @Nullable Object[] elements, int depth) {
        List<Object> scrubbed = new ArrayList<>(Math.min(elements.length, MAX_ELEMENTS));
        for (int i = 0; i < Math.min(elements.length, MAX_ELEMENTS); i++) {
            Object value = value(key, elements[i], depth + 1);
            if (value != null) {
                scrubbed.add(value);
            }
        }
        return scrubbed;
    }

    /** Bytes are content nobody reads in a trace; the other primitives are numbers and flags. */
    private static Object primitives(Object array) {
        if (array instanceof byte[] bytes) {
            return "[" + bytes.length + " bytes]";
        }
        if (array instanceof char[]) {
            return "[redacted:secret]"; // the type that passwords are kept in
        }
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < Math.min(Array.getLength(array), MAX_ELEMENTS); i++) {
            values.add(Array.get(array, i));
        }
        return values;
    }

    /** Collects the deviations from the default rules. Not thread-safe. */
    public static final class Builder {
        private final List<String> secretKeys = new ArrayList<>();
        private final List<String> allowedKeys = new ArrayList<>();
        private final List<UnaryOperator<String>> customRules = new ArrayList<>();
        private byte @Nullable [] hashKey;

        private Builder() {}

        /** Adds keys whose values are always removed; compared by whole segments, so {@code iban} also hits {@code user.iban}. */
        public Builder secretKeys(Collection<String> keys) {
            secretKeys.addAll(keys);
            return this;
        }

        /** Keys that are never secret, whole and ignoring case, although a rule says so. Their text is still scrubbed. */
        public Builder allowedKeys(Collection<String> keys) {
            allowedKeys.addAll(keys);
            return this;
        }

        /**
         * Adds a pattern whose matches are replaced by {@code [redacted:NAME]}. Keep it linear: it runs on the
         * application's threads over up to {@value RuleScrubber#MAX_TEXT} characters.
         */
        public Builder pattern(String name, Pattern pattern) {
            requireNonNull(name, "name");
            requireNonNull(pattern, "pattern");
            String replacement = Matcher.quoteReplacement("[redacted:" + name + "]");
            return rule(text -> pattern.matcher(text).replaceAll(replacement));
        }

        /** Adds a rule of your own. When it throws, the text it was given is replaced as a whole. */
        public Builder rule(UnaryOperator<String> rule) {
            customRules.add(requireNonNull(rule, "rule"));
            return this;
        }

        /**
         * Puts a keyed hash (HMAC-SHA256, 12 hex digits) into each replacement, so that equal values can be joined.
         * @param key at least 16 bytes, kept secret
         */
        public Builder hashKey(byte[] key) {
            if (key.length < 16) {
                throw new IllegalArgumentException("hashKey: " + key.length + " bytes, must be at least 16");
            }
            hashKey = key.clone();
            return this;
        }

        public RuleScrubber build() {
            return new RuleScrubber(this);
        }
    }
}
