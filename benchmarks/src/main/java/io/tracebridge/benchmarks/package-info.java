/* SPDX-License-Identifier: Apache-2.0 */
/** JMH and load programs. */
@NullMarked
package io.tracebridge.benchmarks;

import org.jspecify.annotations.NullMarked;
