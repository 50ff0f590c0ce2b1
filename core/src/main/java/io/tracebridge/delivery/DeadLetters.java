/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.delivery;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A folder with the bodies of payloads that the destination refused for good, for whoever wants to know why. Bounded by
 * bytes and number; the oldest go first. Nothing reads it back.
 */
final class DeadLetters {
    static final String FOLDER = "dead-letters";
    private static final int MOST_FILES = 100;

    private final @Nullable Path folder;
    private final long maxBytes;

    /**
     * Opens nothing.
     * @param destination its folder; null when there is no disk, and nothing is kept
     */
    DeadLetters(@Nullable Path destination, long maxBytes) {
        this.folder = destination == null ? null : destination.resolve(FOLDER);
        this.maxBytes = maxBytes;
    }

    void keep(Payload payload, int status, long nowMillis) {
        if (folder == null || payload.body().length > maxBytes) {
            return;
        }
        Path file = folder.resolve(nowMillis + "-" + status + "-" + fileName(payload.id()));
        try {
            PrivateFiles.createFolder(folder);
            makeRoom(folder, payload.body().length);
            PrivateFiles.createFile(file);
            try (FileOutputStream out = new FileOutputStream(file.toFile())) {
                out.write(payload.body());
            }
        } catch (IOException e) {
            // its loss is counted in any case
        }
    }

    private void makeRoom(Path folder, int added) throws IOException {
        List<Path> sorted;
        try (Stream<Path> files = Files.list(folder)) {
            sorted = files.sorted().toList(); // names start with the time
        }
        Deque<Path> files = new ArrayDeque<>(sorted);
        long bytes = added;
        for (Path file : files) {
            bytes += Files.size(file);
        }
        while (!files.isEmpty() && (bytes > maxBytes || files.size() >= MOST_FILES)) {
            Path oldest = files.removeFirst();
            bytes -= Files.size(oldest);
            Files.deleteIfExists(oldest);
        }
    }

    private static String fileName(String id) {
        String safe = id.replaceAll("[^A-Za-z0-9-]", "_");
        return safe.substring(0, Math.min(safe.length(), 64));
    }
}
