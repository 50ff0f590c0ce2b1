/* SPDX-License-Identifier: Apache-2.0 */
/** A client for OpenAI-compatible APIs, traced by the application itself, and a stub that answers like one. */
@NullMarked
package io.tracebridge.examples.ai;

import org.jspecify.annotations.NullMarked;
