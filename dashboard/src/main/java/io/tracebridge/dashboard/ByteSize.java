/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes as people write them: {@code 500MB}, {@code 2GiB}, {@code 1g}, {@code 1048576}. */
final class ByteSize {
    private static final Pattern SIZE = Pattern.compile("(\\d{1,12})\\s*([a-z]{0,3})");
    private static final Map<String, Long> UNITS = Map.of(
            "",
            1L,
            "b",
            1L,
            "k",
            1L << 10,
            "kb",
            1_000L,
            "kib",
            1L << 10,
            "m",
            1L << 20,
            "mb",
            1_000_000L,
            "mib",
            1L << 20);
    private static final Map<String, Long> LARGE_UNITS = Map.of(
            "g",
            1L << 30,
            "gb",
            1_000_000_000L,
            "gib",
            1L << 30,
            "t",
            1L << 40,
            "tb",
            1_000_000_000_000L,
            "tib",
            1L << 40);

    private ByteSize() {}

    /**
     * Reads a size.
     * @param setting what it is for
     * @throws IllegalArgumentException naming setting and value when it is not a size
     */
    static long parse(String setting, String text) {
        Matcher matcher = SIZE.matcher(text.trim().toLowerCase(Locale.ROOT));
        if (matcher.matches()) {
            Long unit = UNITS.getOrDefault(matcher.group(2), LARGE_UNITS.get(matcher.group(2)));
            long number = Long.parseLong(matcher.group(1));
            if (unit != null && number <= Long.MAX_VALUE / unit) {
                return number * unit;
            }
        }
        throw new IllegalArgumentException(setting + " is \"" + text
                + "\", which is no size; write a whole number and a unit, like 500MB or 2GiB");
    }
}
