/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.delivery;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** The folder of each destination below a spool's folder. */
final class SpoolFolders {
    private static final Pattern NAME = Pattern.compile("[0-9a-f]{32}");

    private SpoolFolders() {}

    /** Whether a path looks like a destination's folder: others are not ours to touch. */
    static boolean isOne(Path path) {
        return NAME.matcher(path.getFileName().toString()).matches();
    }

    /** The same for equal identities, in every process and version. */
    static Path of(Path spool, String identity) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(identity.getBytes(StandardCharsets.UTF_8));
            return spool.resolve(HexFormat.of().formatHex(hash, 0, 16));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
