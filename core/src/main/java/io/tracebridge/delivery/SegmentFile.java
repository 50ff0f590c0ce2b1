/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.delivery;

import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Records in one file. Written by {@link FileOutputStream} and {@link RandomAccessFile} only: a {@code FileChannel} is
 * closed for everyone when an interrupted thread writes to it, and a cancelled task that captures an error is such a
 * thread.
 */
final class SegmentFile implements Storage {
    private final Path path;
    private final Object access = new Object();
    private final Object syncing = new Object();
    private volatile @Nullable FileOutputStream appender;
    /** Open for the file's life, so that what was accepted can be read even when somebody deletes it. */
    private @Nullable RandomAccessFile reader;

    private volatile boolean dirty;
    private volatile boolean sealed;
    private volatile boolean closed;
    private int length;

    private SegmentFile(Path path, @Nullable FileOutputStream appender, @Nullable RandomAccessFile reader) {
        this.path = path;
        this.appender = appender;
        this.reader = reader;
        this.sealed = appender == null;
    }

    /** A new, empty file that only its owner can read. */
    static SegmentFile create(Path path) throws IOException {
        PrivateFiles.createFile(path);
        File file = path.toFile();
        FileOutputStream appender = new FileOutputStream(file, true);
        try {
            return new SegmentFile(path, appender, new RandomAccessFile(file, "rw"));
        } catch (IOException e) {
            appender.close();
            throw e;
        }
    }

    /** A file that another process left; opened for each access, as there may be many. */
    static SegmentFile adopted(Path path) {
        return new SegmentFile(path, null, null);
    }

    @Override
    public int append(byte[] record) throws IOException {
        FileOutputStream out = appender;
        if (out == null || sealed) {
            throw new IOException("segment is sealed");
        }
        int offset = length;
        dirty = true;
        try {
            out.write(record);
        } catch (IOException e) {
            cutTo(offset);
            throw e;
        }
        length = offset + record.length;
        return offset;
    }

    /** A full disk takes part of a record. What stays of it fails its checksum, so a failure here changes nothing. */
    private void cutTo(int offset) {
        synchronized (access) {
            try {
                if (reader != null) {
                    reader.setLength(offset);
                }
            } catch (IOException e) {
                sealed = true;
            }
        }
    }

    @Override
    public byte[] read(int offset, int length) throws IOException {
        byte[] record = new byte[length];
        access(file -> {
            file.seek(offset);
            file.readFully(record);
        });
        return record;
    }

    @Override
    public void mark(int offset, int state) throws IOException {
        access(file -> {
            file.seek(offset + (long) RecordFormat.STATE_OFFSET);
            file.write(state);
        });
    }

    @Override
    public boolean durable() {
        return true;
    }

    @Override
    public boolean intact() {
        return Files.isRegularFile(path);
    }

    @Override
    public void sync() throws IOException {
        synchronized (syncing) { // who finds nothing left to sync may rely on it
            FileOutputStream out = appender;
            if (out == null) {
                return;
            }
            boolean last = sealed;
            if (dirty) {
                dirty = false; // first: an append meanwhile is for the next time
                out.getFD().sync();
            }
            if (last) {
                appender = null;
                out.close();
            }
        }
    }

    @Override
    public void seal() {
        sealed = true;
    }

    @Override
    public void close() {
        sealed = true;
        closed = true;
        FileOutputStream out = appender;
        appender = null;
        closeQuietly(out);
        synchronized (access) {
            closeQuietly(reader);
            reader = null;
        }
    }

    @Override
    public void delete() {
        close();
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            // read-only by now: whoever adopts it finds its records done or sends them again under the same ids
        }
    }

    private interface Access {
        void on(RandomAccessFile file) throws IOException;
    }

    private void access(Access access) throws IOException {
        synchronized (this.access) {
            if (reader != null) {
                access.on(reader);
            } else if (closed) {
                throw new IOException("segment is closed");
            } else {
                try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
                    access.on(file);
                }
            }
        }
    }

    private static void closeQuietly(@Nullable AutoCloseable resource) {
        try {
            if (resource != null) {
                resource.close();
            }
        } catch (Exception e) {
            // nothing was buffered
        }
    }
}
