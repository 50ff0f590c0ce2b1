/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.context;

import org.jspecify.annotations.Nullable;

/**
 * Work that gives a value and may throw exactly {@code E}.
 * @since 0.1
 */
@FunctionalInterface
public interface Call<T extends @Nullable Object, E extends Exception> {
    T call() throws E;
}
