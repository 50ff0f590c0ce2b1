/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.examples.scene;

/** A rectangle on the stage, in pixels. */
record Box(int x, int y, int width, int height) {
    boolean overlaps(Box other) {
        return x < other.x + other.width && other.x < x + width && y < other.y + other.height && other.y < y + height;
    }
}
