/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.examples.scene;

import java.awt.Color;
import java.util.ArrayList;
import java.util.List;

/** Chooses colours that can be read on a background: contrast by WCAG 2.2, success criterion 1.4.3. */
final class PaletteTool {
    private static final double READABLE = 4.5;

    /**
     * Takes hues around the circle and darkens each until its contrast on the background is at least 4.5.
     * @param seed where to start, any number
     * @param background {@code 0xRRGGBB}
     * @return {@code #rrggbb}, as many as asked for
     */
    List<String> choose(int seed, int count, int background) {
        List<String> colours = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            float hue = (Math.floorMod(seed, 360) + i * 360f / count) / 360f;
            float brightness = 1f;
            int rgb = Color.HSBtoRGB(hue, 0.75f, brightness) & 0xffffff;
            while (contrast(rgb, background) < READABLE && brightness > 0.05f) {
                brightness -= 0.05f;
                rgb = Color.HSBtoRGB(hue, 0.75f, brightness) & 0xffffff;
            }
            colours.add(String.format("#%06x", rgb));
        }
        return colours;
    }

    /** From 1 (no difference) to 21 (black on white). */
    static double contrast(int first, int second) {
        double light = Math.max(luminance(first), luminance(second));
        double dark = Math.min(luminance(first), luminance(second));
        return (light + 0.05) / (dark + 0.05);
    }

    private static double luminance(int rgb) {
        return 0.2126 * linear(rgb >> 16 & 0xff) + 0.7152 * linear(rgb >> 8 & 0xff) + 0.0722 * linear(rgb & 0xff);
    }

    private static double linear(int channel) {
        double c = channel / 255.0;
        return c <= 0.04045 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4);
    }
}
