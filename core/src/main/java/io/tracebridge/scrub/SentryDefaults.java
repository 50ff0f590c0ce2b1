/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.scrub;

import java.util.regex.Pattern;

/**
 * Foretells which attribute keys Sentry's own default scrubbing would empty on the server. It matches parts of keys,
 * so {@code ai.tokens.total} and {@code author} vanish there although nothing about them is secret.
 *
 * <p>Source: the {@code @password} rule of Relay's default data scrubbing, applied to keys; attributes of the
 * {@code gen_ai.*} conventions are exempt there.
 */
public final class SentryDefaults {
    private static final Pattern DESTROYED = Pattern.compile(
            "(?i)password|secret|passwd|api[-_]?key|auth|credentials|mysql_pwd|private[-_]?key|token|^otp$|^two[-_]factor$");

    private SentryDefaults() {}

    /** Whether Sentry, at its default settings, replaces this attribute's value by {@code [Filtered]}. */
    public static boolean destroys(String key) {
        return !key.startsWith("gen_ai.") && DESTROYED.matcher(key).find();
    }
}
