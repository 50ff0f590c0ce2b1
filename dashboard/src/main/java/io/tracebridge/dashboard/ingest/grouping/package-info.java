/* SPDX-License-Identifier: Apache-2.0 */
/** Decides which errors are one issue, and says why. Start at {@link io.tracebridge.dashboard.ingest.grouping.Grouper}. */
@NullMarked
package io.tracebridge.dashboard.ingest.grouping;

import org.jspecify.annotations.NullMarked;
