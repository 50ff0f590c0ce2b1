/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.scrub;

/** E-mail addresses, also with {@code %40} for the at sign. Finds the sign and grows both ways within bounds. */
final class EmailRule implements ValueRule {
    private static final int LONGEST_LOCAL = 64;
    private static final int LONGEST_DOMAIN = 255;

    @Override
    public boolean mayApply(TextProfile profile) {
        return profile.at() || profile.percent();
    }

    @Override
    public String apply(String text, Replacement replacement) {
        Rewrite rewrite = new Rewrite(text);
        for (int at = 0; at < text.length(); at++) {
            int after = text.charAt(at) == '@' ? at + 1 : text.startsWith("%40", at) ? at + 3 : -1;
            if (after < 0) {
                continue;
            }
            int from = startOfLocal(text, at, rewrite.copied());
            int to = endOfDomain(text, after);
            if (from < at && to > after) {
                rewrite.replace(from, to, replacement.of("email", text.substring(from, to)));
                at = to - 1;
            }
        }
        return rewrite.done();
    }

    private static int startOfLocal(String text, int at, int floor) {
        int from = at;
        while (from > floor && at - from < LONGEST_LOCAL && isLocal(text.charAt(from - 1))) {
            from--;
        }
        return from;
    }

    /** Fewer than RFC 5321 allows: its {@code = / ? &} would swallow the URL or pair that the address stands in. */
    private static boolean isLocal(char c) {
        return Character.isLetterOrDigit(c) || Character.isSurrogate(c) || "._+-%'".indexOf(c) >= 0;
    }

    /** The domain needs a dot with two letters after it; returns {@code from} when it has none. */
    private static int endOfDomain(String text, int from) {
        int to = from;
        int dot = -1;
        while (to < text.length() && to - from < LONGEST_DOMAIN && isDomain(text.charAt(to))) {
            if (text.charAt(to) == '.') {
                if (to + 1 >= text.length() || !Character.isLetterOrDigit(text.charAt(to + 1))) {
                    break; // the full stop of a sentence
                }
                dot = to;
            }
            to++;
        }
        boolean topLevel = dot > from && to - dot > 2 && Character.isLetter(text.charAt(dot + 1));
        return topLevel ? to : from;
    }

    private static boolean isDomain(char c) {
        return Character.isLetterOrDigit(c) || Character.isSurrogate(c) || c == '.' || c == '-';
    }
}
