/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.examples.scene;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What is animated, checked.
 *
 * @param title shown on the stage
 * @param seconds how long one round takes, 3 to 10
 * @param layers in the order they appear
 */
record Scene(String title, int seconds, List<Layer> layers) {
    private static final Set<String> EFFECTS = Set.of("fade", "slide", "grow");

    /**
     * One moving box.
     *
     * @param effect {@code fade}, {@code slide} or {@code grow}
     * @param delaySeconds before it starts
     */
    record Layer(int box, String effect, double delaySeconds) {}

    /**
     * Reads what the model answered.
     * @throws IllegalArgumentException naming the place and what is allowed there
     */
    static Scene parse(JsonNode json) {
        int seconds = json.path("seconds").asInt();
        if (seconds < 3 || seconds > 10) {
            throw new IllegalArgumentException("$.seconds: " + seconds + " is not from 3 to 10");
        }
        List<Layer> layers = new ArrayList<>();
        for (JsonNode layer : json.path("layers")) {
            String effect = layer.path("effect").asText();
            if (!EFFECTS.contains(effect)) {
                throw new IllegalArgumentException("$.layers[" + layers.size() + "].effect: unknown");
            }
            layers.add(new Layer(
                    layer.path("box").asInt(), effect, layer.path("delay").asDouble()));
        }
        if (layers.isEmpty() || layers.size() > 20) {
            throw new IllegalArgumentException("$.layers: " + layers.size() + " is not from 1 to 20");
        }
        return new Scene(json.path("title").asText("Untitled"), seconds, List.copyOf(layers));
    }
}
