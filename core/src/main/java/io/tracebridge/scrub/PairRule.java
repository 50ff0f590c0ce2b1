/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.scrub;

import java.util.Locale;
import java.util.Set;

/**
 * Pairs inside text whose key names a secret: {@code password=x}, {@code "apiKey": "x"}, the same escaped inside a
 * string, {@code Authorization: Bearer x}, {@code ?sig=x&…}. Finds the separator first and looks left for the key.
 */
final class PairRule implements ValueRule {
    private static final Set<String> QUERY_SECRETS = Set.of("sig", "signature", "key", "code", "x-amz-signature");
    private static final Set<String> WHOLE_LINE =
            Set.of("authorization", "proxy-authorization", "cookie", "set-cookie");
    private static final int LONGEST_KEY = 64;
    private static final String QUOTES = "\"'\\";
    private static final String VALUE_ENDS = " \t\r\n,;&\"'<>{}[]()\\";

    private final KeyRules keys;

    PairRule(KeyRules keys) {
        this.keys = keys;
    }

    @Override
    public boolean mayApply(TextProfile profile) {
        return profile.pair() || profile.percent();
    }

    @Override
    public String apply(String text, Replacement replacement) {
        Rewrite rewrite = new Rewrite(text);
        for (int at = 0; at < text.length(); at++) {
            int after = endOfSeparator(text, at);
            if (after < 0 || at < rewrite.copied()) {
                continue;
            }
            String key = keyBefore(text, at, rewrite.copied());
            if (key.isEmpty() || !isSecret(key, text, at)) {
                continue;
            }
            int from = startOfValue(text, after);
            int to = endOfValue(text, from, key);
            if (to > from && !Replacement.startsAt(text, from)) {
                rewrite.replace(from, to, replacement.of(secretClass(key), text.substring(from, to)));
            }
        }
        return rewrite.done();
    }

    private static int endOfSeparator(String text, int at) {
        char c = text.charAt(at);
        if (c == '=' || c == ':') {
            return at + 1;
        }
        boolean encoded = c == '%' && (text.startsWith("3D", at + 1) || text.startsWith("3d", at + 1));
        return encoded ? at + 3 : -1;
    }

    private static String keyBefore(String text, int separator, int floor) {
        int end = separator;
        while (end > floor
                && separator - end < 8
                && (QUOTES.indexOf(text.charAt(end - 1)) >= 0 || text.charAt(end - 1) == ' ')) {
            end--;
        }
        int start = end;
        while (start > floor && end - start < LONGEST_KEY && isKeyPart(text.charAt(start - 1))) {
            start--;
        }
        return text.substring(start, end);
    }

    private static boolean isKeyPart(char c) {
        return TextProfile.isAlphanumeric(c) || c == '_' || c == '-' || c == '.';
    }

    private boolean isSecret(String key, String text, int separator) {
        if (keys.isSecret(key)) {
            return true;
        }
        int before = separator - key.length() - 1;
        boolean inQuery = before >= 0 && "?&".indexOf(text.charAt(before)) >= 0;
        return inQuery && QUERY_SECRETS.contains(key.toLowerCase(Locale.ROOT));
    }

    private static int startOfValue(String text, int after) {
        int from = after;
        while (from < text.length() && (text.charAt(from) == ' ' || QUOTES.indexOf(text.charAt(from)) >= 0)) {
            from++;
        }
        return from;
    }

    /** A quoted value ends at its quote, a header at the end of its line, anything else at the next delimiter. */
    private static int endOfValue(String text, int from, String key) {
        char before = from == 0 ? ' ' : text.charAt(from - 1);
        String ends = VALUE_ENDS;
        if (before == '"' || before == '\'') {
            ends = before + "\\\r\n";
        } else if (WHOLE_LINE.contains(key.toLowerCase(Locale.ROOT))) {
            ends = "\r\n\"";
        }
        int to = from;
        while (to < text.length() && ends.indexOf(text.charAt(to)) < 0) {
            to++;
        }
        return to;
    }

    private static String secretClass(String key) {
        String lower = key.toLowerCase(Locale.ROOT);
        return lower.contains("pass") || lower.contains("pwd") ? "password" : "secret";
    }
}
