/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.scrub;

/**
 * Row values that databases quote in their messages: {@code VALUES ( 7, 'Jane' )} after a violated constraint.
 * Placeholders ({@code ?}, {@code $1}, {@code :name}) stay: they are the statement, not the data.
 */
final class SqlValuesRule implements ValueRule {
    private static final String VALUES = "VALUES";

    @Override
    public boolean mayApply(TextProfile profile) {
        return profile.paren();
    }

    @Override
    public String apply(String text, Replacement replacement) {
        Rewrite rewrite = new Rewrite(text);
        int at = text.indexOf(VALUES);
        while (at >= 0) {
            int open = at + VALUES.length();
            while (open < text.length() && text.charAt(open) == ' ') {
                open++;
            }
            int end = open;
            if (open < text.length() && text.charAt(open) == '(') {
                end = endOfRow(text, open + 1);
                String row = text.substring(open + 1, end);
                if (!row.isBlank() && !isPlaceholders(row) && !Replacement.startsAt(text, open + 1)) {
                    rewrite.replace(open + 1, end, replacement.of("sql-values", row));
                }
            }
            at = text.indexOf(VALUES, Math.max(end, at + VALUES.length()));
        }
        return rewrite.done();
    }

    /** The closing parenthesis outside quotes and nested parentheses; the end of the text when it was cut off. */
    private static int endOfRow(String text, int from) {
        int depth = 1;
        boolean quoted = false;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\'') {
                quoted = !quoted;
            } else if (!quoted && c == '(') {
                depth++;
            } else if (!quoted && c == ')' && --depth == 0) {
                return i;
            }
        }
        return text.length();
    }

    private static boolean isPlaceholders(String row) {
        return row.chars().noneMatch(c -> c == '\'' || c == '"')
                && row.replaceAll("[?$:]\\w*+|[,\\s()]", "").isEmpty();
    }
}
