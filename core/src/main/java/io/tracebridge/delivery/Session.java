/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.delivery;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A folder of segments that one living process owns, by a lock which ends with the process.
 *
 * <p>Its name says which process: {@code <created>-<process start>-<pid>-<random>}. A process never opens the lock
 * file of a folder that carries its own mark: closing any handle of a locked file gives up the lock on POSIX systems.
 */
final class Session {
    static final String SEGMENT_SUFFIX = ".spool";
    private static final String LOCK = "lock";
    private static final String LEFT = "left";
    private static final int ATTEMPTS = 5;
    /** Kept from the garbage collector, which closes channels. */
    private static final Queue<FileChannel> NEVER_CLOSED = new ConcurrentLinkedQueue<>();

    private final FileChannel channel;
    private final long created;
    private volatile Path folder;

    private Session(Path folder, FileChannel channel, long created) {
        this.folder = folder;
        this.channel = channel;
        this.created = created;
    }

    Path folder() {
        return folder;
    }

    static Session create(Path destination) throws IOException {
        PrivateFiles.createFolder(destination);
        IOException failure = new IOException("no session folder");
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            long created = System.currentTimeMillis();
            Path folder = destination.resolve(name(created, processMark()));
            try {
                PrivateFiles.createFolder(folder);
                PrivateFiles.createFile(folder.resolve(LOCK));
                Session session = lock(folder, created);
                if (session != null && session.intact()) {
                    return session;
                }
            } catch (IOException e) {
                // somebody tidied the folder away between two of our steps
                failure = e;
            }
        }
        throw failure;
    }

    /** Takes over what dead processes left for this destination, oldest first. */
    static List<Session> adoptAll(Path destination) {
        List<Session> adopted = new ArrayList<>();
        for (Path folder : list(destination)) {
            Session session = adopt(folder);
            if (session != null) {
                adopted.add(session);
            }
        }
        return adopted;
    }

    /** Null when its process is alive, or it is no session's folder. */
    private static @Nullable Session adopt(Path folder) {
        String name = folder.getFileName().toString();
        String[] parts = name.split("-");
        if (parts.length != 4 || name.contains("-" + processMark() + "-") || !Files.isDirectory(folder)) {
            return null;
        }
        try {
            long created = Long.parseLong(parts[0]);
            if (!Files.exists(folder.resolve(LOCK))) {
                // just being made, or just being removed; an empty one is nobody's
                Files.deleteIfExists(folder);
                return null;
            }
            Session session = lock(folder, created);
            if (session != null) {
                session.rename(processMark());
            }
            return session;
        } catch (IOException | NumberFormatException e) {
            return null;
        }
    }

    private static @Nullable Session lock(Path folder, long created) throws IOException {
        // the flag would make the channel close itself under us
        boolean interrupted = Thread.interrupted();
        try {
            FileChannel channel = FileChannel.open(folder.resolve(LOCK), StandardOpenOption.WRITE);
            try {
                FileLock lock = channel.tryLock();
                if (lock != null) {
                    return new Session(folder, channel, created);
                }
            } catch (OverlappingFileLockException e) {
                // another copy of this class in this process has it: closing would free its lock, so never close
                NEVER_CLOSED.add(channel);
                return null;
            }
            channel.close();
            return null;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Whether a later process would find it. */
    boolean intact() {
        return Files.isRegularFile(folder.resolve(LOCK));
    }

    Path segment(String lane, int number) {
        return folder.resolve(String.format("%s-%06d%s", lane, number, SEGMENT_SUFFIX));
    }

    /** Existing segments of a lane, oldest first. */
    List<Path> segments(String lane) {
        return list(folder).stream()
                .filter(path -> path.getFileName().toString().startsWith(lane + "-"))
                .filter(path -> path.getFileName().toString().endsWith(SEGMENT_SUFFIX))
                .toList();
    }

    /** Removes the folder when it is empty, else leaves it to whoever comes next, this process included. */
    void release() {
        boolean interrupted = Thread.interrupted();
        try {
            if (list(folder).stream().allMatch(path -> path.endsWith(LOCK))) {
                Files.deleteIfExists(folder.resolve(LOCK));
                Files.deleteIfExists(folder);
            } else {
                rename(LEFT + "-0");
            }
        } catch (IOException e) {
            // it stays and is adopted by a later process
        } finally {
            closeQuietly();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void rename(String mark) {
        Path renamed = folder.resolveSibling(name(created, mark));
        try {
            Files.move(folder, renamed);
            folder = renamed;
        } catch (IOException e) {
            // some systems do not rename a folder with open files: it keeps its name, and its lock
        }
    }

    private void closeQuietly() {
        try {
            channel.close();
        } catch (IOException e) {
            // the lock ends with the process
        }
    }

    private static String name(long created, String mark) {
        return created + "-" + mark + "-"
                + Integer.toHexString(ThreadLocalRandom.current().nextInt());
    }

    /** Same for all copies of this class in one process, different for a later process with the same pid. */
    private static String processMark() {
        ProcessHandle self = ProcessHandle.current();
        long start = self.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
        return start + "-" + self.pid();
    }

    private static List<Path> list(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted().toList();
        } catch (IOException | RuntimeException e) {
            return List.of();
        }
    }
}
