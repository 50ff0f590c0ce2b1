/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.context;

import org.jspecify.annotations.Nullable;

/**
 * Work that gives a value, may throw exactly {@code E}, and wants to add to the step it runs in.
 * @since 0.1
 */
@FunctionalInterface
public interface StepCall<T extends @Nullable Object, E extends Exception> {
    T call(Step step) throws E;
}
