/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store;

import java.util.List;

/**
 * All that is derived from one trace. Written, replaced and evicted together.
 * @since 0.1
 */
public record TraceAnalysis(
        TraceSummary summary, List<SpanPath> paths, List<AiCall> calls, List<TraceFinding> findings) {}
