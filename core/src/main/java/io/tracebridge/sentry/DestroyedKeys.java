/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sentry;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Names attribute keys whose values the server will empty, each once and only the first few. */
final class DestroyedKeys {
    private static final int MAX_NAMED = 20;
    private static final Set<String> NAMED = ConcurrentHashMap.newKeySet();

    private DestroyedKeys() {}

    static void warn(String key) {
        if (NAMED.size() < MAX_NAMED && NAMED.add(key)) {
            Log.first(
                    "sentry.key." + key,
                    "Sentry's default scrubbing empties the attribute \"" + key
                            + "\": its name contains a word such as token or auth; give it another name",
                    null);
        }
    }
}
