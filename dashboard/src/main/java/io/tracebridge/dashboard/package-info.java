/* SPDX-License-Identifier: Apache-2.0 */
/** The local server: arguments, wiring, start, stop. Start with {@link io.tracebridge.dashboard.DashboardServer}. */
@NullMarked
package io.tracebridge.dashboard;

import org.jspecify.annotations.NullMarked;
