/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.examples.scene;

import java.util.List;
import java.util.Locale;

/** Draws a scene as an SVG that moves by itself in any browser. */
final class SceneSvg {
    private SceneSvg() {}

    static String draw(Scene scene, List<Box> boxes, List<String> colours) {
        StringBuilder svg = new StringBuilder(2_048);
        svg.append(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\">%n",
                LayoutTool.WIDTH,
                LayoutTool.HEIGHT));
        svg.append("<title>").append(escape(scene.title())).append("</title>\n");
        svg.append("<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n");
        for (int i = 0; i < scene.layers().size(); i++) {
            Scene.Layer layer = scene.layers().get(i);
            Box box = boxes.get(Math.floorMod(layer.box(), boxes.size()));
            svg.append(layer(layer, box, colours.get(i % colours.size()), scene.seconds()));
        }
        svg.append("<text x=\"50%\" y=\"94%\" font-size=\"28\" font-family=\"sans-serif\" text-anchor=\"middle\">")
                .append(escape(scene.title()))
                .append("</text>\n</svg>\n");
        return svg.toString();
    }

    private static String layer(Scene.Layer layer, Box box, String colour, int seconds) {
        String timing = String.format(
                Locale.ROOT, "dur=\"%ds\" begin=\"%.1fs\" repeatCount=\"indefinite\"", seconds, layer.delaySeconds());
        String animation = switch (layer.effect()) {
            case "slide" ->
                "<animate attributeName=\"x\" from=\"-" + box.width() + "\" to=\"" + box.x() + "\" " + timing + "/>";
            case "grow" -> "<animate attributeName=\"width\" from=\"0\" to=\"" + box.width() + "\" " + timing + "/>";
            default -> "<animate attributeName=\"opacity\" values=\"0;1;1;0\" " + timing + "/>";
        };
        return String.format(
                Locale.ROOT,
                "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"12\" fill=\"%s\">%s</rect>%n",
                box.x(),
                box.y(),
                box.width(),
                box.height(),
                colour,
                animation);
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
