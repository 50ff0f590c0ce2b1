/* SPDX-License-Identifier: Apache-2.0 */
/** Pipelines, steps and their data; how they cross threads and processes. */
@NullMarked
package io.tracebridge.context;

import org.jspecify.annotations.NullMarked;
