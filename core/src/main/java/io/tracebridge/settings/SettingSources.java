/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.settings;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where a setting may come from, strongest first: builder, system property, environment, and for Sentry's own settings
 * {@code sentry.properties}. A blank value counts as not set.
 *
 * @param builder by setting name, for example {@code TRACE_SAMPLING_RATE}
 * @param properties system properties, by dotted name ({@code trace.sampling.rate})
 * @param environment by setting name
 * @param sentryFile the content of {@code sentry.properties}, by key without a prefix ({@code dsn})
 */
record SettingSources(
        Map<String, String> builder,
        Function<String, @Nullable String> properties,
        Function<String, @Nullable String> environment,
        Function<String, @Nullable String> sentryFile) {

    private static final String SENTRY = "SENTRY_";

    /** The sources of this process. */
    static SettingSources ofProcess(Map<String, String> builder) {
        Properties sentryFile = readSentryFile();
        return new SettingSources(builder, System::getProperty, System::getenv, sentryFile::getProperty);
    }

    /** The value as it was given, without surrounding blanks; null when no source has it. */
    @Nullable
    String find(String name) {
        String value = builder.get(name);
        if (isBlank(value)) {
            value = properties.apply(name.toLowerCase(Locale.ROOT).replace('_', '.'));
        }
        if (isBlank(value)) {
            value = environment.apply(name);
        }
        if (isBlank(value) && name.startsWith(SENTRY)) {
            value = sentryFile.apply(name.substring(SENTRY.length()).toLowerCase(Locale.ROOT));
        }
        return value == null || value.isBlank() ? null : value.strip();
    }

    private static boolean isBlank(@Nullable String value) {
        return value == null || value.isBlank();
    }

    /** Looks where Sentry's SDK looks, in its order: the named file, the class path, the working folder. */
    private static Properties readSentryFile() {
        Properties found = new Properties();
        try {
            String named = System.getProperty("sentry.properties.file", System.getenv("SENTRY_PROPERTIES_FILE"));
            Path inFolder = Path.of("sentry.properties");
            if (named != null && Files.isReadable(Path.of(named))) {
                load(found, Path.of(named));
            } else if (!loadFromClassPath(found) && Files.isReadable(inFolder)) {
                load(found, inFolder);
            }
        } catch (IOException | IllegalArgumentException unreadable) {
            // Sentry's SDK reports its own unreadable file
            found.clear();
        }
        return found;
    }

    private static void load(Properties into, Path file) throws IOException {
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            into.load(reader);
        }
    }

    private static boolean loadFromClassPath(Properties into) throws IOException {
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        try (InputStream stream = loader == null
                ? ClassLoader.getSystemResourceAsStream("sentry.properties")
                : loader.getResourceAsStream("sentry.properties")) {
            if (stream == null) {
                return false;
            }
            into.load(stream);
            return true;
        }
    }
}
