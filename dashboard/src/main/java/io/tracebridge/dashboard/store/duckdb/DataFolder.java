/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store.duckdb;

import io.tracebridge.dashboard.store.StoreOpenException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The folder of the data: only its owner may look into it. */
final class DataFolder {
    static final String FILE = "tracebridge.duckdb";
    private static final String CHOOSE = "Choose another folder with --data.";
    private static final Set<PosixFilePermission> FOLDER = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rw-------");
    private static final Duration STARTING = Duration.ofSeconds(5);
    private static final Logger LOG = LoggerFactory.getLogger("io.tracebridge.dashboard");

    private final Path folder;
    private final boolean posix;

    private DataFolder(Path folder, boolean posix) {
        this.folder = folder;
        this.posix = posix;
    }

    /**
     * Makes or checks the folder.
     * @throws StoreOpenException when it cannot be used; the message is for a person
     */
    static DataFolder open(Path folder) {
        try {
            refuseForeignLink(folder);
            boolean posix = folder.getFileSystem().supportedFileAttributeViews().contains("posix");
            Files.createDirectories(folder);
            if (posix) {
                close(folder);
            }
            if (!Files.isWritable(folder)) {
                throw cannotWrite(folder);
            }
            DataFolder data = new DataFolder(folder, posix);
            data.removeEmptyFile();
            return data;
        } catch (AccessDeniedException e) {
            throw cannotWrite(Path.of(e.getFile()));
        } catch (FileAlreadyExistsException e) {
            throw new StoreOpenException(e.getFile() + " is a file, not a folder. " + CHOOSE, e);
        } catch (IOException e) {
            throw new StoreOpenException("Cannot use " + folder + " for the data (" + e + "). " + CHOOSE, e);
        }
    }

    private static StoreOpenException cannotWrite(Path folder) {
        return new StoreOpenException("Cannot write into " + folder + ". " + CHOOSE);
    }

    /** Only the owner may do this, and an administrator. */
    private static void close(Path folder) throws IOException {
        try {
            Files.setPosixFilePermissions(folder, FOLDER);
        } catch (FileSystemException e) {
            throw new StoreOpenException(
                    folder + " belongs to " + Files.getOwner(folder).getName() + ", not to you. " + CHOOSE, e);
        }
    }

    /** What is left when the process was killed before the engine wrote its first byte; it would not open it. */
    private void removeEmptyFile() throws IOException {
        if (Files.isRegularFile(file())
                && Files.size(file()) == 0
                && !Files.exists(folder.resolve(FILE + ".wal"))
                // another dashboard may be starting at this moment
                && Files.getLastModifiedTime(file())
                        .toInstant()
                        .isBefore(Instant.now().minus(STARTING))) {
            Files.delete(file());
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
    private static void refuseForeignLink(Path folder) throws IOException {
        if (!Files.isSymbolicLink(folder)) {
            return;
        }
        // by a file of ours: the user's name is "?" to the JVM for a number without one, as in containers
        Path ours = Files.createTempFile("tracebridge", null);
        try {
            UserPrincipal owner = Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS);
            if (!owner.equals(Files.getOwner(ours))) {
                throw new StoreOpenException(folder + " is a link that " + owner.getName() + " made. " + CHOOSE);
            }
        } finally {
            Files.delete(ours);
        }
    }
}
