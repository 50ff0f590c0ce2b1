/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Receives Sentry envelopes and OTLP on one port: decodes, bounds, scrubs, groups and hands over to the store.
 * Start at {@code Ingest}.
 */
@NullMarked
package io.tracebridge.dashboard.ingest;

import org.jspecify.annotations.NullMarked;
