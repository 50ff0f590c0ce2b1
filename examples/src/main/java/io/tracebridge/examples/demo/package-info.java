/* SPDX-License-Identifier: Apache-2.0 */
/** Runs the scene generator with prompts and faults, and checks what arrived; start at {@code Demo}. */
@NullMarked
package io.tracebridge.examples.demo;

import org.jspecify.annotations.NullMarked;
