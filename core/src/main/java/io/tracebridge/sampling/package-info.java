/* SPDX-License-Identifier: Apache-2.0 */
/** Head decision, tail decision and held traces. */
@NullMarked
package io.tracebridge.sampling;

import org.jspecify.annotations.NullMarked;
