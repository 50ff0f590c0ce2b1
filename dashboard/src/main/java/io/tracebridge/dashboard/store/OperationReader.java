/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store;

/**
 * Questions about operations: counts, rates, percentiles, bottlenecks over many spans. Methods are added together with their
 * SQL in the engine's class of the same name.
 *
 * <p>Thread-safe; each call is one query on a read connection and may take tens of milliseconds.
 * @since 0.1
 */
public interface OperationReader {}
