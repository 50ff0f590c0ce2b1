/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sentry;

import org.jspecify.annotations.Nullable;

/** Reads AI calls and tools out of attributes, by the conventions' keys or by the short ones of a pipeline's steps. */
final class GenAi {
    private GenAi() {}

    /** {@code chat}, {@code execute_tool} …; null when it is AI but nobody said what. */
    static @Nullable String operation(Attributed attributes) {
        String named = attributes.text("gen_ai.operation.name");
        if (named != null) {
            return named;
        }
        if (attributes.has("gen_ai.tool.name", "tool.name")) {
            return "execute_tool";
        }
        return attributes.has("gen_ai.request.model", "ai.model") ? "chat" : null;
    }

    /** What the operation is about: an agent, a tool or a model. */
    static @Nullable String subject(String operation, Attributed attributes) {
        return switch (operation) {
            case "invoke_agent", "create_agent" -> attributes.text("gen_ai.agent.name");
            case "invoke_workflow" -> attributes.text("gen_ai.workflow.name");
            case "execute_tool" -> attributes.text("gen_ai.tool.name", "tool.name");
            default -> attributes.text("gen_ai.request.model", "ai.model", "gen_ai.response.model");
        };
    }
}
