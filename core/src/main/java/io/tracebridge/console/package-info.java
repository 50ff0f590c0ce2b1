/* SPDX-License-Identifier: Apache-2.0 */
/** Finished traces and captured errors as text in the terminal, for development. */
@NullMarked
package io.tracebridge.console;

import org.jspecify.annotations.NullMarked;
