/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.settings;

import org.jspecify.annotations.Nullable;

/** Names a process by what was started: the jar without its version, or the main class. */
final class MainProgram {
    private MainProgram() {}

    /** @param command the system property {@code sun.java.command}; null where the JVM does not tell */
    static String name(@Nullable String command) {
        if (command == null || command.isBlank()) {
            return "unknown_service:java";
        }
        String program = command.strip().split("\\s+", 2)[0];
        if (program.endsWith(".jar")) {
            String file = program.substring(Math.max(program.lastIndexOf('/'), program.lastIndexOf('\\')) + 1);
            return file.substring(0, file.length() - ".jar".length()).replaceFirst("-\\d+(\\.\\d+)*([.-].*)?$", "");
        }
        String mainClass = program.substring(program.lastIndexOf('/') + 1);
        return mainClass.substring(mainClass.lastIndexOf('.') + 1);
    }
}
