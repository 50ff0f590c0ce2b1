/* SPDX-License-Identifier: Apache-2.0 */
/** Questions about what was received: trace trees, issues, latency, bottlenecks, metrics; start at {@code Queries}. */
@NullMarked
package io.tracebridge.dashboard.query;

import org.jspecify.annotations.NullMarked;
