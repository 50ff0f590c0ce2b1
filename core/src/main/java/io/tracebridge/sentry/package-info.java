/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Spans and errors as Sentry items and envelopes; start at {@link io.tracebridge.sentry.SentryBridge}. The only
 * package that touches the Sentry SDK and its wire format.
 */
@NullMarked
package io.tracebridge.sentry;

import org.jspecify.annotations.NullMarked;
