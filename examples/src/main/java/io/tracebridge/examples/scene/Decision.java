/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.examples.scene;

/**
 * Which tool the brain chose.
 *
 * @param tool {@code layout} or {@code palette}
 * @param confidence 0 to 1
 */
record Decision(String tool, double confidence) {}
