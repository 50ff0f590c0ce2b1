/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.examples.scene;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a request may ask to go wrong, to see how it is reported. */
public enum Fault {
    /** Nothing. */
    NONE,
    /** A bug in the layout tool. It leaves the pipeline uncaught. */
    TOOL_BUG,
    /** The scene's slug is taken: a unique constraint of the database refuses it. The worker logs it. */
    DB_CONSTRAINT,
    /** The model answers with prose. The pipeline captures it. */
    AI_NOT_JSON;

    /** @throws IllegalArgumentException naming the value and what is allowed */
    static Fault of(@Nullable String text) {
        if (text == null || text.isBlank()) {
            return NONE;
        }
        try {
            return valueOf(text.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException unknown) {
            throw new IllegalArgumentException(
                    "fault: \"" + text + "\" is not one of none, tool_bug, db_constraint, ai_not_json", unknown);
        }
    }

    /** As it is written in requests and summaries. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
