/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ingest;

import java.util.Locale;

/** The six log levels both protocols map to. */
final class Levels {
    private Levels() {}

    /** Of an OpenTelemetry severity number, 1 to 24; {@code info} for 0. */
    static String ofSeverity(int severity) {
        if (severity <= 0) {
            return "info";
        }
        return switch ((severity - 1) / 4) {
            case 0 -> "trace";
            case 1 -> "debug";
            case 2 -> "info";
            case 3 -> "warn";
            case 4 -> "error";
            default -> "fatal";
        };
    }

    /** Of a level's name in whatever logging system; {@code info} when unknown. */
    static String ofText(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "trace", "finest", "finer" -> "trace";
            case "debug", "fine", "config" -> "debug";
            case "warn", "warning" -> "warn";
            case "error", "severe" -> "error";
            case "fatal", "critical", "emergency", "alert" -> "fatal";
            default -> "info";
        };
    }

    static int severityOf(String level) {
        return switch (level) {
            case "trace" -> 1;
            case "debug" -> 5;
            case "warn" -> 13;
            case "error" -> 17;
            case "fatal" -> 21;
            default -> 9;
        };
    }
}
