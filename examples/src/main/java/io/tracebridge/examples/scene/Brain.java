/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.examples.scene;

import java.util.List;
import java.util.Locale;

/** Chooses the tool for a request by the words in it: deterministic, so that a demo shows the same each time. */
final class Brain {
    private static final List<String> COLOUR_WORDS =
            List.of("colour", "color", "palette", "theme", "mood", "contrast", "brand", "dark", "light");

    /** Layout unless enough words speak of colour. */
    Decision decide(SceneRequest request) {
        String message = request.message().toLowerCase(Locale.ROOT);
        long colour = COLOUR_WORDS.stream().filter(message::contains).count();
        boolean palette = colour > 0 && request.fault() != Fault.TOOL_BUG;
        double confidence = palette ? Math.min(0.95, 0.6 + colour * 0.1) : 0.9 - colour * 0.1;
        return new Decision(palette ? "palette" : "layout", confidence);
    }
}
