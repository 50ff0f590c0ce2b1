/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.examples.demo;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What {@code -Ddemo.args} may say. */
final class DemoOptions {
    @Option(
            names = "--runs",
            paramLabel = "N",
            description = "How many requests to push through (default: ${DEFAULT-VALUE}).")
    int runs = 40;

    @Option(
            names = "--faults",
            paramLabel = "SHARE",
            description = "Share of requests that fail, 0 to 1 (default: ${DEFAULT-VALUE}).")
    double faults = 0.2;

    @Option(
            names = "--sampling",
            paramLabel = "RATE",
            description = "Head rate for ordinary traces, 0 to 1 (default: ${DEFAULT-VALUE}).")
    double sampling = 1.0;

    @Option(names = "--slow", paramLabel = "TOOL:MS", description = "Make a tool slower, for example layout:800.")
    List<String> slow = List.of();

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "Of the scene generator; 0 for a free one (default: 8080).")
    int port = 8080;

    @Option(names = "--exit", description = "End when the requests are done, instead of staying up.")
    boolean exit;

    @Option(names = "--summary", paramLabel = "FILE", description = "Write what was sent and received as JSON.")
    @Nullable
    Path summary;

    @Option(
            names = "--kill",
            description = "Show instead that errors survive SIGKILL: capture, die, start again, deliver.")
    boolean kill;

    @Option(names = "--help", usageHelp = true, description = "Show this help.")
    boolean help;

    /**
     * Checks the ranges.
     * @throws IllegalArgumentException naming option, value and range
     */
    void check() {
        if (runs < 0 || runs > 100_000) {
            throw new IllegalArgumentException("--runs: " + runs + " is not from 0 to 100000");
        }
        requireShare("--faults", faults);
        requireShare("--sampling", sampling);
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("--port: " + port + " is not from 0 to 65535");
        }
        slowTools();
    }

    Map<String, Integer> slowTools() {
        Map<String, Integer> tools = new HashMap<>();
        for (String pair : slow) {
            if (!pair.matches("(layout|palette):\\d{1,5}")) {
                throw new IllegalArgumentException("--slow: \"" + pair + "\" is not layout:MS or palette:MS");
            }
            int split = pair.indexOf(':');
            tools.put(pair.substring(0, split), Integer.parseInt(pair.substring(split + 1)));
        }
        return tools;
    }

    private static void requireShare(String name, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException(name + ": " + value + " is not from 0 to 1");
        }
    }
}
