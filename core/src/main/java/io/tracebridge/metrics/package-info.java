/* SPDX-License-Identifier: Apache-2.0 */
/** Counters, drop reasons and health: what we measure and what we lost. */
@NullMarked
package io.tracebridge.metrics;

import org.jspecify.annotations.NullMarked;
