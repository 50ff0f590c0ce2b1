/* SPDX-License-Identifier: Apache-2.0 */
/** The facade; start at {@code Tracebridge}. */
@NullMarked
package io.tracebridge;

import org.jspecify.annotations.NullMarked;
