/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** Where the data of a user lives by default: where the system wants state that is not to be backed up or shared. */
final class DataPlace {
    private static final String NAME = "tracebridge/dashboard";

    private DataPlace() {}

    static Path ofUser() {
        return of(System.getProperty("os.name", ""), System.getProperty("user.home", "."), System.getenv());
    }

    static Path of(String system, String home, Map<String, String> environment) {
        String name = system.toLowerCase(Locale.ROOT);
        if (name.contains("win") && !name.contains("darwin")) {
            return Path.of(environment.getOrDefault("LOCALAPPDATA", home), NAME);
        }
        if (name.contains("mac")) {
            return Path.of(home, "Library/Application Support", NAME);
        }
        String state = environment.getOrDefault("XDG_STATE_HOME", "");
        return state.startsWith("/") ? Path.of(state, NAME) : Path.of(home, ".local/state", NAME);
    }
}
