/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.http;

/**
 * One change for a live page.
 *
 * @param event name of the event, a word
 * @param json one line of JSON, under 4 kB
 * @since 0.1
 */
public record LiveMessage(String event, String json) {
    static final int MAX_CHARS = 4_096;
    /** Tells a page that changes were missed. */
    public static final LiveMessage RESYNC = new LiveMessage("resync", "{}");

    public LiveMessage {
        if (json.indexOf('\n') >= 0 || json.indexOf('\r') >= 0) {
            throw new IllegalArgumentException("a message is one line");
        }
    }
}
