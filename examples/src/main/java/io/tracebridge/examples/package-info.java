/* SPDX-License-Identifier: Apache-2.0 */
/** Runnable programs that show the library on a real pipeline. */
@NullMarked
package io.tracebridge.examples;

import org.jspecify.annotations.NullMarked;
