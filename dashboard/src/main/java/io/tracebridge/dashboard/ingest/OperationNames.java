/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ingest;

/**
 * Takes ids out of span names. Careful: {@code gpt-4} and {@code step-2} are names, so only whole words and whole path
 * segments count as ids. Linear in the name.
 */
final class OperationNames {
    private static final int MAX_NAME = 2 * 1024;
    private static final int SHORTEST_HEX = 8;
    private static final String ID = "{id}";

    private OperationNames() {}

    static String withoutIds(String name) {
        String bounded = name.length() <= MAX_NAME ? name : name.substring(0, MAX_NAME);
        int query = bounded.indexOf('?');
        String text = query > 0 && bounded.lastIndexOf('/', query) >= 0 ? bounded.substring(0, query) : bounded;
        StringBuilder result = new StringBuilder(text.length());
        int start = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i < text.length() && !isSeparator(text.charAt(i))) {
                continue;
            }
            String word = text.substring(start, i);
            result.append(isId(word) ? ID : word);
            if (i < text.length()) {
                result.append(text.charAt(i));
            }
            start = i + 1;
        }
        return result.toString();
    }

    static String firstWord(String name) {
        int blank = name.indexOf(' ');
        return blank < 0 ? "" : name.substring(0, blank);
    }

    /** The host and port at the start of {@code api.acme.com:8080/v1/x?y}. */
    static String hostOf(String afterScheme) {
        int end = 0;
        while (end < afterScheme.length() && "/?# ".indexOf(afterScheme.charAt(end)) < 0) {
            end++;
        }
        String authority = afterScheme.substring(0, end);
        return authority.substring(authority.indexOf('@') + 1);
    }

    private static boolean isSeparator(char c) {
        return c == '/' || c == ' ' || c == '=' || c == ',' || c == '(' || c == ')' || c == '#';
    }

    private static boolean isId(String word) {
        if (word.isEmpty()) {
            return false;
        }
        int digits = 0;
        int hexLetters = 0;
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            if (c >= '0' && c <= '9') {
                digits++;
            } else if ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')) {
                hexLetters++;
            } else if (c != '-') {
                return false;
            }
        }
        boolean number = digits > 0 && hexLetters == 0;
        return number || (digits > 0 && digits + hexLetters >= SHORTEST_HEX);
    }
}
