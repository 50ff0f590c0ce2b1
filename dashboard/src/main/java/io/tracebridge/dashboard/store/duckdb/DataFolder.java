/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store.duckdb;

import io.tracebridge.dashboard.store.StoreOpenException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The folder of the data: only its owner may look into it. */
final class DataFolder {
    static final String FILE = "tracebridge.duckdb";
    private static final Set<PosixFilePermission> FOLDER = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rw-------");

    private static final Logger LOG = LoggerFactory.getLogger("io.tracebridge.dashboard");

    private final Path folder;
    private final boolean posix;

    private DataFolder(Path folder, boolean posix) {
        this.folder = folder;
        this.posix = posix;
    }

    /** Makes or checks the folder. */
    static DataFolder open(Path folder) {
        try {
            refuseForeign(folder);
            boolean posix = folder.getFileSystem().supportedFileAttributeViews().contains("posix");
            Files.createDirectories(folder);
            if (posix) {
                Files.setPosixFilePermissions(folder, FOLDER);
            }
            if (!Files.isWritable(folder)) {
                throw new StoreOpenException("Cannot write into " + folder + ". Choose another folder with --data.");
            }
            return new DataFolder(folder, posix);
        } catch (IOException e) {
            throw new StoreOpenException(
                    "Cannot use " + folder + " for the data (" + e + "). Choose another folder with --data.", e);
        }
    }

    Path path() {
        return folder;
    }

    Path file() {
        return folder.resolve(FILE);
    }

    /** The engine makes files by the process's mask, and a new log after each checkpoint: called after writes. */
    void protect() {
        if (!posix) {
            return;
        }
        for (String name : new String[] {FILE, FILE + ".wal"}) {
            Path file = folder.resolve(name);
            try {
                if (Files.exists(file) && !Files.getPosixFilePermissions(file).equals(PRIVATE)) {
                    Files.setPosixFilePermissions(file, PRIVATE);
                }
            } catch (IOException e) {
                // the engine removed it between the two calls; the folder is closed to others anyway
                LOG.debug("cannot protect {}", file, e);
            }
        }
    }

    /** A link that somebody else put where our folder should be would make us write into their place. */
    private static void refuseForeign(Path folder) throws IOException {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        String us = System.getProperty("user.name", "");
        String owner = Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS).getName();
        if (!owner.equals(us)) {
            throw new StoreOpenException(
                    folder + " belongs to " + owner + ", not to " + us + ". Choose another folder with --data.");
        }
    }
}
