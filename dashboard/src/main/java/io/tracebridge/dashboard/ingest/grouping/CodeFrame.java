/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ingest.grouping;

import org.jspecify.annotations.Nullable;

/**
 * One frame of a stack, as the sender described it.
 *
 * @param module class or module, may be empty
 * @param function method or function, may be empty
 * @param file source file or path, null when unknown
 * @param line one-based; 0 when unknown
 * @param inApp whether the sender called it code of the application; null when it did not say
 */
public record CodeFrame(
        String module,
        String function,
        @Nullable String file,
        int line,
        @Nullable Boolean inApp) {}
