/* SPDX-License-Identifier: Apache-2.0 */
/** Immutable settings, read from builder, system properties and environment, checked once at start. */
@NullMarked
package io.tracebridge.settings;

import org.jspecify.annotations.NullMarked;
