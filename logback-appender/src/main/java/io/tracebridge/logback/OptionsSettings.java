/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.logback;

import io.sentry.SentryOptions;
import io.tracebridge.Tracebridge;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Takes what the bridge itself must know out of {@code <options>}: address, release, environment. */
final class OptionsSettings {
    /** What Logback leaves in place of a variable that nobody set. */
    private static final String UNDEFINED = "_IS_UNDEFINED";

    private OptionsSettings() {}

    /** Sets each value on the builder. A bad value is named and left out: XML must not stop the application. */
    static void apply(SentryOptions options, Tracebridge.Builder builder, Consumer<String> problem) {
        set(options.getDsn(), builder::dsn, problem);
        set(options.getRelease(), builder::release, problem);
        set(options.getEnvironment(), builder::environment, problem);
    }

    private static void set(@Nullable String value, SettingUse use, Consumer<String> problem) {
        if (value == null || value.isBlank() || value.endsWith(UNDEFINED)) {
            return;
        }
        try {
            Tracebridge.Builder unused = use.apply(value);
        } catch (IllegalArgumentException bad) {
            problem.accept(String.valueOf(bad.getMessage()));
        }
    }

    @FunctionalInterface
    private interface SettingUse {
        Tracebridge.Builder apply(String value);
    }
}
