/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What the dashboard keeps, and the doors to it: {@link io.tracebridge.dashboard.store.Intake} takes records in,
 * {@link io.tracebridge.dashboard.store.Store} answers questions. Start with the records; the engine is in a package below.
 */
@NullMarked
package io.tracebridge.dashboard.store;

import org.jspecify.annotations.NullMarked;
