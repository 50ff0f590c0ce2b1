/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tracebridge.dashboard.store.StoreOpenException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {
    @TempDir
    Path parent;

    @Test
    void ownFolder_opens_whenTheUserHasNoName() throws Exception {
        String name = System.getProperty("user.name");
        System.setProperty("user.name", "?"); // what the JVM says in a container that runs as a number
        try {
            Path folder = Files.createDirectory(parent.resolve("data"));
            Path link = Files.createSymbolicLink(parent.resolve("link"), folder);

            assertThat(DataFolder.open(folder).path()).isEqualTo(folder);
            assertThat(DataFolder.open(link).path()).isEqualTo(link);
        } finally {
            System.setProperty("user.name", name);
        }
    }

    @Test
    void file_isNoFolder() throws Exception {
        Path file = Files.createFile(parent.resolve("file"));

        assertThatThrownBy(() -> DataFolder.open(file))
                .isInstanceOf(StoreOpenException.class)
                .hasMessage(file + " is a file, not a folder. Choose another folder with --data.");
    }

    @Test
    void store_opens_whenTheFirstStartEndedBeforeAnythingWasWritten() throws Exception {
        Path folder = Files.createDirectory(parent.resolve("data"));
        Path file = Files.createFile(folder.resolve(DataFolder.FILE));
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(60)));

        try (DuckDbStore store = DuckDbStore.open(options(folder))) {
            assertThat(store.health().facts().spans()).isZero();
        }
    }

    @Test
    void store_saysWhatToDo_whenTheFileIsNone() throws Exception {
        Path folder = Files.createDirectory(parent.resolve("data"));
        Files.write(folder.resolve(DataFolder.FILE), new byte[100_000]);

        assertThatThrownBy(() -> DuckDbStore.open(options(folder)))
                .isInstanceOf(StoreOpenException.class)
                .hasMessageEndingWith("Move that file away, or choose another folder with --data.");
    }

    private static DuckDbOptions options(Path folder) {
        return new DuckDbOptions(folder, 64 << 20, 16 << 20, "own-run");
    }
}
