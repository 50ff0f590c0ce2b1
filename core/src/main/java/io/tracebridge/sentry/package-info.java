/* SPDX-License-Identifier: Apache-2.0 */
/** Spans and errors as Sentry items and envelopes. */
@NullMarked
package io.tracebridge.sentry;

import org.jspecify.annotations.NullMarked;
