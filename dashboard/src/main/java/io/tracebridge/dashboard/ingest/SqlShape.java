/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ingest;

import java.util.Locale;
import java.util.Set;

/**
 * The shape of an SQL text: literals become {@code ?}, lists of them {@code (?)}, blanks one blank, keywords upper
 * case, comments nothing. Looks at the first {@value #MAX_SQL} characters, once.
 */
final class SqlShape {
    private static final int MAX_SQL = 2 * 1024;

    private static final Set<String> VERBS = Set.of(
            "SELECT",
            "INSERT",
            "UPDATE",
            "DELETE",
            "MERGE",
            "WITH",
            "CALL",
            "CREATE",
            "ALTER",
            "DROP",
            "TRUNCATE",
            "REPLACE",
            "UPSERT",
            "EXPLAIN");

    private static final Set<String> KEYWORDS = Set.of(
            "FROM",
            "WHERE",
            "AND",
            "OR",
            "NOT",
            "IN",
            "IS",
            "NULL",
            "LIKE",
            "BETWEEN",
            "EXISTS",
            "JOIN",
            "LEFT",
            "RIGHT",
            "INNER",
            "OUTER",
            "FULL",
            "CROSS",
            "ON",
            "USING",
            "GROUP",
            "ORDER",
            "BY",
            "HAVING",
            "LIMIT",
            "OFFSET",
            "FETCH",
            "FIRST",
            "NEXT",
            "ROWS",
            "ROW",
            "ONLY",
            "AS",
            "DISTINCT",
            "ALL",
            "UNION",
            "INTO",
            "VALUES",
            "SET",
            "RETURNING",
            "ASC",
            "DESC",
            "CASE",
            "WHEN",
            "THEN",
            "ELSE",
            "END",
            "FOR",
            "TABLE",
            "COUNT",
            "SUM",
            "MIN",
            "MAX",
            "AVG",
            "COALESCE");

    private final String sql;
    private final StringBuilder shape;
    private int position;

    private SqlShape(String sql) {
        this.sql = sql.length() <= MAX_SQL ? sql : sql.substring(0, MAX_SQL);
        shape = new StringBuilder(this.sql.length());
    }

    static boolean looksLikeSql(String text) {
        String trimmed = text.stripLeading();
        int end = 0;
        while (end < trimmed.length() && end < 10 && Character.isLetter(trimmed.charAt(end))) {
            end++;
        }
        boolean verb = VERBS.contains(trimmed.substring(0, end).toUpperCase(Locale.ROOT));
        // "SELECT scenes" is a summary already; a statement has more to it
        return verb && trimmed.chars().filter(Character::isWhitespace).count() >= 2;
    }

    static String of(String sql) {
        return new SqlShape(sql).read();
    }

    private String read() {
        while (position < sql.length()) {
            char c = sql.charAt(position);
            if (Character.isWhitespace(c)) {
                position++;
                blank();
            } else if (c == '\'') {
                skipQuoted();
                literal();
            } else if (c == '"' || c == '`') {
                copyQuotedName(c);
            } else if (sql.startsWith("--", position)) {
                skipTo("\n");
            } else if (sql.startsWith("/*", position)) {
                skipTo("*/");
            } else if (isDigit(c) || (c == '.' && position + 1 < sql.length() && isDigit(sql.charAt(position + 1)))) {
                skipNumber();
                literal();
            } else if (c == '?' || c == '$' || c == ':' || c == '@') {
                parameter(c);
            } else if (Character.isLetter(c) || c == '_') {
                word();
            } else {
                punctuation(c);
            }
        }
        return shape.toString().strip();
    }

    private void blank() {
        if (!shape.isEmpty() && shape.charAt(shape.length() - 1) != ' ') {
            shape.append(' ');
        }
    }

    /** One {@code ?} stands for a list of them, so that {@code IN} lists of any length are one shape. */
    private void literal() {
        int end = shape.length();
        while (end > 0 && shape.charAt(end - 1) == ' ') {
            end--;
        }
        boolean minus = end > 1 && shape.charAt(end - 1) == '-' && "(,=<> ".indexOf(shape.charAt(end - 2)) >= 0;
        if (minus) {
            shape.setLength(end - 1);
            literal();
            return;
        }
        boolean afterComma = end > 0 && shape.charAt(end - 1) == ',';
        int before = end - 1;
        while (afterComma && before > 0 && shape.charAt(before - 1) == ' ') {
            before--;
        }
        if (afterComma && before > 0 && shape.charAt(before - 1) == '?') {
            shape.setLength(before);
        } else {
            shape.append('?');
        }
    }

    private void parameter(char c) {
        boolean cast = sql.startsWith("::", position);
        if (cast) {
            shape.append("::");
            position += 2;
            return;
        }
        position++;
        int start = position;
        while (position < sql.length() && isNamePart(sql.charAt(position))) {
            position++;
        }
        if (c == '?' || position > start) {
            literal();
        } else {
            shape.append(c);
        }
    }

    private void word() {
        int start = position;
        while (position < sql.length() && isNamePart(sql.charAt(position))) {
            position++;
        }
        String word = sql.substring(start, position);
        String upper = word.toUpperCase(Locale.ROOT);
        boolean literal = upper.equals("TRUE") || upper.equals("FALSE");
        boolean prefix = word.length() == 1 && position < sql.length() && sql.charAt(position) == '\'';
        if (literal) {
            literal();
        } else if (!prefix) { // N'text', X'00'
            shape.append(KEYWORDS.contains(upper) || VERBS.contains(upper) ? upper : word);
        }
    }

    private void punctuation(char c) {
        position++;
        boolean noBlankBefore = c == ',' || c == ')' || c == ';';
        if (noBlankBefore && !shape.isEmpty() && shape.charAt(shape.length() - 1) == ' ') {
            shape.setLength(shape.length() - 1);
        }
        if (c == ')' && (endsWith("(?),(?") || endsWith("(?), (?"))) {
            shape.setLength(shape.lastIndexOf(",")); // rows of a multi-row insert
            return;
        }
        if (c != ';') {
            shape.append(c);
        }
    }

    private boolean endsWith(String tail) {
        int start = shape.length() - tail.length();
        return start >= 0 && shape.indexOf(tail, start) == start;
    }

    private void skipQuoted() {
        position++;
        while (position < sql.length()) {
            char c = sql.charAt(position++);
            if (c == '\\') {
                position++;
            } else if (c == '\'') {
                if (position < sql.length() && sql.charAt(position) == '\'') {
                    position++;
                } else {
                    return;
                }
            }
        }
    }

    private void copyQuotedName(char quote) {
        int end = sql.indexOf(quote, position + 1);
        int stop = end < 0 ? sql.length() : end + 1;
        shape.append(sql, position, stop);
        position = stop;
    }

    private void skipTo(String end) {
        int found = sql.indexOf(end, position);
        position = found < 0 ? sql.length() : found + end.length();
        blank();
    }

    private void skipNumber() {
        while (position < sql.length() && (isNamePart(sql.charAt(position)) || sql.charAt(position) == '.')) {
            position++;
        }
    }

    private static boolean isNamePart(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '$';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
