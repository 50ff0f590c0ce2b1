/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.delivery;

import io.tracebridge.metrics.Accounting;
import io.tracebridge.metrics.DropReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * Removes what nobody will ever send: the folder of a destination that no process has used for 30 days, which a changed
 * DSN leaves behind. Each payload in it is counted. Sentry takes nothing older either.
 */
final class StaleFolders {
    private static final Duration AGE = Duration.ofDays(30);

    private StaleFolders() {}

    static void remove(Path spool, Instant now, Accounting accounting) {
        for (Path destination : list(spool)) {
            if (SpoolFolders.isOne(destination) && Files.isDirectory(destination) && isStale(destination, now)) {
                remove(destination, accounting);
            }
        }
    }

    private static boolean isStale(Path destination, Instant now) {
        try (Stream<Path> paths = Files.walk(destination)) {
            for (Path path : paths.toList()) {
                if (Files.getLastModifiedTime(path).toInstant().isAfter(now.minus(AGE))) {
                    return false;
                }
            }
            return true;
        } catch (IOException | RuntimeException e) {
            return false; // somebody works on it
        }
    }

    private static void remove(Path destination, Accounting accounting) {
        for (Session session : Session.adoptAll(destination)) { // a living process keeps its own
            for (Path file : list(session.folder())) {
                accounting.dropped(DropReason.EXPIRED, waiting(file));
                if (file.toString().endsWith(Session.SEGMENT_SUFFIX)) {
                    delete(file);
                }
            }
            session.release();
        }
        list(destination.resolve(DeadLetters.FOLDER)).forEach(StaleFolders::delete);
        delete(destination.resolve(DeadLetters.FOLDER));
        delete(destination);
    }

    private static int waiting(Path file) {
        try {
            return file.toString().endsWith(Session.SEGMENT_SUFFIX)
                    ? SegmentScan.of(file).records().size()
                    : 0;
        } catch (IOException e) {
            return 0;
        }
    }

    private static void delete(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            // not empty: a process keeps something there
        }
    }

    private static List<Path> list(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.toList();
        } catch (IOException | RuntimeException e) {
            return List.of();
        }
    }
}
