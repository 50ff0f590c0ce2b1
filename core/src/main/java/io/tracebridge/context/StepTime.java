/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.context;

import java.time.Instant;

/**
 * A step on a pipeline's path.
 *
 * @param started wall clock
 * @param durationNanos so far, when it has not ended
 * @param outcome {@code ok}, {@code failed}, {@code cancelled}, {@code mark} for a named point, or {@code running}
 */
public record StepTime(String name, Instant started, long durationNanos, String outcome) {}
