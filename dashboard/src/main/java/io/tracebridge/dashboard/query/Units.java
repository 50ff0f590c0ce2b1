/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.query;

import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;

/** Numbers as the API and its sentences write them. */
final class Units {
    private static final DecimalFormatSymbols SYMBOLS = DecimalFormatSymbols.getInstance(Locale.ROOT);

    private Units() {}

    /** Microseconds as milliseconds with three decimals. */
    static double millis(double micros) {
        return Math.rint(micros) / 1_000;
    }

    /** Microseconds as milliseconds; exact up to three centuries. */
    static double millis(long micros) {
        return micros / 1_000.0;
    }

    static double share(long part, long whole) {
        return share((double) part, (double) whole);
    }

    static String count(long value) {
        return count((double) value);
    }

    static String duration(long micros) {
        return duration((double) micros);
    }

    /** Nanoseconds of Unix time as milliseconds with three decimals. */
    static double at(long nanos) {
        return Math.floorDiv(nanos, 1_000L) / 1_000.0;
    }

    /** A share or count with at most six decimals, so that no digit is noise. */
    static double round(double value) {
        return Math.rint(value * 1_000_000) / 1_000_000;
    }

    static double share(double part, double whole) {
        return whole <= 0 ? 0 : round(Math.min(1, part / whole));
    }

    /** {@code 1,284}. */
    static String count(double value) {
        return new DecimalFormat("#,##0", SYMBOLS).format(value);
    }

    /** A number without needless digits: {@code 1000}, {@code 0.25}. */
    static String plain(double value) {
        return new DecimalFormat("0.######", SYMBOLS).format(value);
    }

    /** {@code 42 %}; under one percent with a decimal. */
    static String percent(double share) {
        double percent = share * 100;
        return new DecimalFormat(percent < 1 && percent > 0 ? "0.0" : "0", SYMBOLS).format(percent) + " %";
    }

    /** {@code 852 µs}, {@code 54.9 ms}, {@code 1.44 s}, {@code 2 m 05 s}. */
    static String duration(double micros) {
        if (micros < 1_000) {
            return Math.round(micros) + " µs";
        }
        if (micros < 999_500) {
            return new DecimalFormat(micros < 99_950 ? "0.0" : "0", SYMBOLS).format(micros / 1_000) + " ms";
        }
        if (micros < 59_995_000) {
            return new DecimalFormat("0.00", SYMBOLS).format(micros / 1_000_000) + " s";
        }
        long seconds = Math.round(micros / 1_000_000);
        return String.format(Locale.ROOT, "%d m %02d s", seconds / 60, seconds % 60);
    }
}
