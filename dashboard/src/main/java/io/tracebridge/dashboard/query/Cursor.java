/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.query;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Where the next page starts, as text that means nothing to its reader.
 * @since 0.1
 */
public final class Cursor {
    private Cursor() {}

    static String of(Object... parts) {
        StringBuilder text = new StringBuilder();
        for (Object part : parts) {
            text.append(text.length() == 0 ? "" : "\n").append(part);
        }
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The parts of a cursor.
     * @throws IllegalArgumentException when it is not one of ours with that many parts
     */
    public static String[] parts(String cursor, int count) {
        String[] parts = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8).split("\n", -1);
        if (parts.length != count) {
            throw new IllegalArgumentException("not a cursor of this list");
        }
        return parts;
    }

    /** The number in a cursor of one part. */
    public static long number(String cursor) {
        return Long.parseLong(parts(cursor, 1)[0]);
    }
}
