/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store;

/**
 * The protocols a record came by, as bits: a record that came by both has both.
 * @since 0.1
 */
public final class Source {
    public static final int OTLP = 1;
    public static final int SENTRY = 2;

    private Source() {}
}
