/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.examples.scene;

import java.util.ArrayList;
import java.util.List;

/** Places boxes on a grid and checks that none overlaps another. */
final class LayoutTool {
    static final int WIDTH = 960;
    static final int HEIGHT = 540;
    private static final int GAP = 24;

    /**
     * Fills the stage row by row.
     * @param count how many boxes
     * @param columns of the grid
     */
    List<Box> place(int count, int columns) {
        int rows = (count + columns - 1) / columns;
        int width = (WIDTH - GAP * (columns + 1)) / columns;
        int height = (HEIGHT - GAP * (rows + 1)) / rows;
        List<Box> boxes = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int column = i % columns;
            int row = i / columns;
            boxes.add(new Box(GAP + column * (width + GAP), GAP + row * (height + GAP), width, height));
        }
        requireNoOverlap(boxes);
        return boxes;
    }

    private static void requireNoOverlap(List<Box> boxes) {
        for (int i = 0; i < boxes.size(); i++) {
            for (int j = i + 1; j < boxes.size(); j++) {
                if (boxes.get(i).overlaps(boxes.get(j))) {
                    throw new IllegalStateException("Boxes " + i + " and " + j + " overlap");
                }
            }
        }
    }
}
