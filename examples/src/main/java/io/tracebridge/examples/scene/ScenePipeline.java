/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.examples.scene;

import static io.tracebridge.Tracebridge.attrs;
import static io.tracebridge.Tracebridge.withSpan;

import com.fasterxml.jackson.databind.JsonNode;
import io.tracebridge.context.Pipeline;
import io.tracebridge.examples.ai.ChatClient;
import io.tracebridge.metrics.Metrics;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** From a request to a saved scene: brain decision, tool, AI call, validation, database. */
final class ScenePipeline {
    private static final Logger LOG = LoggerFactory.getLogger(ScenePipeline.class);
    private static final int BOXES = 6;
    private static final int WHITE = 0xffffff;
    private static final String TAKEN_SLUG = "taken";

    private final Brain brain = new Brain();
    private final LayoutTool layout = new LayoutTool();
    private final PaletteTool palette = new PaletteTool();
    private final ChatClient ai;
    private final SceneStore store;
    private final Map<String, Integer> slowTools;

    /** @param slowTools by tool name, how many milliseconds longer it takes */
    ScenePipeline(ChatClient ai, SceneStore store, Map<String, Integer> slowTools) {
        this.ai = ai;
        this.store = store;
        this.slowTools = Map.copyOf(slowTools);
    }

    /** Generates and saves. Returns the scene's id. */
    String generate(SceneRequest request) throws Exception {
        long start = System.nanoTime();
        String sceneId = withSpan(
                "generation.generateScene",
                attrs("project.id", request.projectId())
                        .and("user.message.length", request.message().length())
                        .and("has.images", !request.images().isEmpty()),
                () -> run(request));
        Metrics.sceneGeneration((System.nanoTime() - start) / 1e6);
        return sceneId;
    }

    private String run(SceneRequest request) throws Exception {
        Pipeline.current()
                .put("project.id", request.projectId())
                .put("image.count", request.images().size());
        Decision decision = withSpan(
                "brain.makeDecision",
                attrs("prompt.length", request.message().length())
                        .and("image.count", request.images().size()),
                () -> brain.decide(request));
        LOG.info("Tool {} chosen with confidence {}", decision.tool(), decision.confidence());
        Tools tools = withSpan(
                "tool." + decision.tool(),
                attrs("tool.name", decision.tool())
                        .and("tool.confidence", decision.confidence())
                        .and("gen_ai.operation.name", "execute_tool")
                        .and("gen_ai.tool.name", decision.tool()),
                () -> runTool(decision, request));
        JsonNode answer =
                ai.generateStructured(request.message(), request.fault() == Fault.AI_NOT_JSON ? "notjson" : null);
        Scene scene = withSpan("scene.validate", () -> Scene.parse(answer));
        String svg = SceneSvg.draw(scene, tools.boxes(), tools.colours());
        String sceneId = withSpan(
                "db.saveResults",
                attrs("layer.count", scene.layers().size()),
                () -> store.saveScene(request.projectId(), slug(request), scene, svg));
        LOG.info("Scene {} saved with {} layers", sceneId, scene.layers().size());
        return sceneId;
    }

    private Tools runTool(Decision decision, SceneRequest request) throws InterruptedException {
        boolean ok = false;
        try {
            int extraMillis = slowTools.getOrDefault(decision.tool(), 0);
            if (extraMillis > 0) {
                LOG.warn("Tool {} takes {} ms longer", decision.tool(), extraMillis);
                Thread.sleep(extraMillis);
            }
            // the bug to show: nobody checks the number of columns
            int columns = request.fault() == Fault.TOOL_BUG ? 0 : 3;
            Tools tools = new Tools(
                    layout.place(BOXES, columns),
                    palette.choose(request.message().hashCode(), BOXES, WHITE));
            ok = true;
            return tools;
        } finally {
            Metrics.toolExecution(decision.tool(), ok);
        }
    }

    private static String slug(SceneRequest request) {
        return request.fault() == Fault.DB_CONSTRAINT
                ? TAKEN_SLUG
                : UUID.randomUUID().toString();
    }

    /** Makes sure that the slug of {@link Fault#DB_CONSTRAINT} is taken. */
    void takeSlug(String projectId) throws SQLException {
        store.saveScene(projectId, TAKEN_SLUG, new Scene("Taken", 3, List.of()), "<svg/>");
    }

    private record Tools(List<Box> boxes, List<String> colours) {}
}
