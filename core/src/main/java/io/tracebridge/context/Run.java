/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.context;

/**
 * Work without a value that may throw exactly {@code E}.
 * @since 0.1
 */
@FunctionalInterface
public interface Run<E extends Exception> {
    void run() throws E;
}
