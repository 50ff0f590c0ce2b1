/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sentry;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sentry refuses to start beside a jar whose manifest says it is a Sentry module of another version. */
class ManifestTest {
    @ParameterizedTest
    @ValueSource(strings = {"pom.xml", "../pom.xml", "../logback-appender/pom.xml"})
    void build_writesNoEntryThatLooksLikeASentryModule(String pom) throws Exception {
        assertThat(Files.readString(Path.of(pom)))
                .doesNotContain("Sentry-SDK", "Sentry-Version", "Sentry-Opentelemetry");
    }
}
