/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store.duckdb;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads the driver and clears up after it. At each start the driver unpacks some 60 MB of native library into
 * {@code java.io.tmpdir} (fixed by the JVM before we run, so it cannot be moved) and removes it only at an orderly exit.
 * We unlink it as soon as it is loaded, which a process does not notice where files can be unlinked while in use, and
 * remove copies that killed processes left.
 */
final class DriverLibrary {
    private static final Logger LOG = LoggerFactory.getLogger("io.tracebridge.dashboard");
    private static final String PATTERN = "libduckdb_java*.so";
    /** A copy younger than this may be one that another process is about to load. */
    private static final Duration STALE = Duration.ofMinutes(1);

    private DriverLibrary() {}

    static synchronized void load() {
        Path folder = Path.of(System.getProperty("java.io.tmpdir", "/tmp"));
        Set<Path> before = copies(folder);
        try {
            Class.forName("org.duckdb.DuckDBNative");
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("the driver of the database is missing", e);
        }
        Instant stale = Instant.now().minus(STALE);
        for (Path copy : copies(folder)) {
            if (!before.contains(copy) ? isLoadedHere(copy) : isOlderThan(copy, stale)) {
                delete(copy);
            }
        }
    }

    private static Set<Path> copies(Path folder) {
        Set<Path> found = new HashSet<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, PATTERN)) {
            files.forEach(found::add);
        } catch (IOException e) {
            LOG.debug("cannot list {}", folder, e);
        }
        return found;
    }

    /** Another process may have started in the same moment: only what this one has mapped is ours. */
    private static boolean isLoadedHere(Path copy) {
        Path maps = Path.of("/proc/self/maps");
        if (!Files.isReadable(maps)) {
            return false;
        }
        try (var lines = Files.lines(maps)) {
            return lines.anyMatch(line -> line.endsWith(copy.toAbsolutePath().toString()));
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isOlderThan(Path copy, Instant limit) {
        try {
            return Files.getLastModifiedTime(copy).toInstant().isBefore(limit);
        } catch (IOException e) {
            return false;
        }
    }

    private static void delete(Path copy) {
        try {
            Files.deleteIfExists(copy);
        } catch (IOException e) {
            // in use (Windows) or another user's: it is theirs to remove
            LOG.debug("cannot remove {}", copy, e);
        }
    }
}
