/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.delivery;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Where a program of this user keeps state on this operating system. */
final class StateFolder {
    private StateFolder() {}

    /** The spool's folder, not created; null when the user has no home. */
    static @Nullable Path spool() {
        String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        Path base;
        if (system.startsWith("windows")) {
            base = absolute(System.getenv("LOCALAPPDATA"));
        } else if (system.startsWith("mac")) {
            base = home("Library/Application Support");
        } else {
            Path state = absolute(System.getenv("XDG_STATE_HOME"));
            base = state == null ? home(".local/state") : state;
        }
        return base == null ? null : base.resolve("tracebridge").resolve("spool");
    }

    private static @Nullable Path home(String below) {
        // "?" when neither HOME nor the user database knows one, "/nonexistent" for service accounts
        Path home = absolute(System.getProperty("user.home"));
        return home == null || !Files.isDirectory(home) ? null : home.resolve(below);
    }

    private static @Nullable Path absolute(@Nullable String name) {
        if (name == null || name.isEmpty()) {
            return null;
        }
        try {
            Path path = Path.of(name);
            return path.isAbsolute() ? path : null;
        } catch (InvalidPathException e) {
            return null;
        }
    }
}
