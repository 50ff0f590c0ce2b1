/* SPDX-License-Identifier: Apache-2.0 */
/** The scene generator: a request becomes a job, a decision, a tool run, an AI call, rows in a database and an SVG. */
@NullMarked
package io.tracebridge.examples.scene;

import org.jspecify.annotations.NullMarked;
