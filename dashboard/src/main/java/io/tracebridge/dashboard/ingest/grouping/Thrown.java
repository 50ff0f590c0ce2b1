/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ingest.grouping;

import java.util.List;

/**
 * One exception of a chain.
 *
 * @param type full class name, or what the language calls the type
 * @param message may be empty
 * @param frames the innermost call first, as a Java stack trace prints them; empty when there is no stack
 */
public record Thrown(String type, String message, List<CodeFrame> frames) {
    public Thrown {
        frames = List.copyOf(frames);
    }
}
