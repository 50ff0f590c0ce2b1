/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.console;

import java.util.Locale;

/** Makes text harmless for a terminal: names and messages come from anywhere and may hold escape sequences. */
final class TerminalText {
    private TerminalText() {}

    /** Replaces each control character by a blank; the result is one line. */
    static String plain(String text) {
        StringBuilder plain = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            boolean control = Character.isISOControl(c) || Character.getType(c) == Character.FORMAT;
            plain.appendCodePoint(control ? ' ' : c);
        });
        return plain.toString();
    }

    /** {@code 852 µs}, {@code 54.9 ms}, {@code 1.44 s}, {@code 2 m 05 s}. */
    static String duration(long nanos) {
        double micros = Math.max(0, nanos) / 1_000.0;
        if (micros < 1_000) {
            return format("%.0f µs", micros);
        }
        if (micros < 1_000_000) {
            return format(micros < 100_000 ? "%.1f ms" : "%.0f ms", micros / 1_000);
        }
        double seconds = micros / 1_000_000;
        if (seconds < 60) {
            return format("%.2f s", seconds);
        }
        return (long) seconds / 60 + " m " + format("%02d s", (long) seconds % 60);
    }

    private static String format(String pattern, Object value) {
        return String.format(Locale.ROOT, pattern, value);
    }
}
