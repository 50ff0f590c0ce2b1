/* SPDX-License-Identifier: Apache-2.0 */
/** Kept traces as OTLP. */
@NullMarked
package io.tracebridge.otlp;

import org.jspecify.annotations.NullMarked;
