/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.scrub;

/**
 * What one scan over a text tells all rules: which telling characters it has, how many digits, and how long its
 * longest run of token characters is. Lets 99 of 100 strings pass at the price of this scan.
 */
record TextProfile(
        boolean at, boolean percent, boolean pair, boolean dash, boolean paren, int digits, int longestToken) {
    static TextProfile of(String text) {
        boolean at = false;
        boolean percent = false;
        boolean pair = false;
        boolean dash = false;
        boolean paren = false;
        int digits = 0;
        int longest = 0;
        int run = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isToken(c)) {
                run++;
                longest = Math.max(longest, run);
                if (c >= '0' && c <= '9') {
                    digits++;
                } else if (c == '-') {
                    dash = true;
                }
                continue;
            }
            run = 0;
            switch (c) {
                case '@' -> at = true;
                case '%' -> percent = true;
                case '=', ':' -> pair = true;
                case '(' -> paren = true;
                default -> {}
            }
        }
        return new TextProfile(at, percent, pair, dash, paren, digits, longest);
    }

    /** Letters, digits and the characters that base64, JWT and provider keys are made of, without {@code = . :}. */
    static boolean isToken(char c) {
        return isAlphanumeric(c) || c == '-' || c == '_' || c == '+' || c == '/';
    }

    static boolean isAlphanumeric(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || isDigit(c);
    }

    static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
