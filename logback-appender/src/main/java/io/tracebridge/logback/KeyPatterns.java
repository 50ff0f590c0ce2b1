/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.logback;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;

/** Names of MDC entries, with {@code *} for any characters; upper and lower case are the same. */
final class KeyPatterns {
    private final List<String> patterns = new CopyOnWriteArrayList<>();

    /** Adds one name or several, separated by commas. */
    void add(String names) {
        for (String name : names.split(",")) {
            if (!name.isBlank()) {
                patterns.add(name.strip().toLowerCase(Locale.ROOT));
            }
        }
    }

    boolean matches(String key) {
        if (patterns.isEmpty()) {
            return false;
        }
        String lower = key.toLowerCase(Locale.ROOT);
        for (String pattern : patterns) {
            if (matches(pattern, lower)) {
                return true;
            }
        }
        return false;
    }

    /** Linear: after a mismatch only the last star moves on. */
    private static boolean matches(String pattern, String text) {
        int p = 0;
        int star = -1;
        int resume = 0;
        for (int t = 0; t < text.length(); ) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                resume = t;
            } else if (p < pattern.length() && pattern.charAt(p) == text.charAt(t)) {
                p++;
                t++;
            } else if (star >= 0) {
                p = star + 1;
                t = ++resume;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }
}
