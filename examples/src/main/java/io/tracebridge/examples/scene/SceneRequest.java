/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.examples.scene;

import java.util.List;

/**
 * What a user asks for.
 *
 * @param projectId whose scene it is
 * @param message what to show, in the user's words
 * @param images addresses of pictures; may be empty
 * @param fault what shall go wrong
 */
record SceneRequest(String projectId, String message, List<String> images, Fault fault) {
    static final int MAX_MESSAGE = 4_000;

    SceneRequest {
        if (projectId.isBlank() || projectId.length() > 100) {
            throw new IllegalArgumentException("projectId: 1 to 100 characters");
        }
        if (message.isBlank() || message.length() > MAX_MESSAGE) {
            throw new IllegalArgumentException("message: 1 to " + MAX_MESSAGE + " characters");
        }
        images = List.copyOf(images);
    }
}
