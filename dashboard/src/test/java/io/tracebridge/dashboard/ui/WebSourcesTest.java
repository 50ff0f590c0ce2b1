/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ui;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rules of the pages' sources that need no browser: nothing that our policy would refuse, and no import into the void. */
class WebSourcesTest {
    private static final Path WEB = Path.of("src/main/resources/web");
    private static final Pattern FORBIDDEN =
            Pattern.compile("innerHTML|outerHTML|insertAdjacentHTML|document\\.write|unsafeHTML|unsafeSVG"
                    + "|styleMap|\\sstyle=[\"$]|\\beval\\(|new Function|javascript:|https?://(?!www\\.w3\\.org/)[a-z]");
    private static final Pattern ADDRESS = Pattern.compile(
            "(?m)^(?:import|export)[^\"=\n]*\"([^\"]+)\";|import\\(\"([^\"]+)\"|\"(/(?:ui|lib)/[^\"]+)\"");

    static Stream<Path> sources() throws IOException {
        return Files.walk(WEB).filter(Files::isRegularFile);
    }

    @ParameterizedTest
    @MethodSource("sources")
    void source_hasNothingThatThePolicyRefuses(Path source) {
        String text = read(source);
        List<String> found = new ArrayList<>();
        Matcher matcher = FORBIDDEN.matcher(text);
        while (matcher.find()) {
            found.add(matcher.group());
        }
        assertThat(found).isEmpty();
        if (!source.toString().endsWith(".svg") && !source.toString().endsWith(".html")) {
            assertThat(text).startsWith("/* SPDX-License-Identifier: Apache-2.0 */");
        }
    }

    @Test
    void everyAddressInTheSources_leadsToAFile() throws IOException {
        List<String> missing = new ArrayList<>();
        try (Stream<Path> sources = sources()) {
            sources.forEach(source -> {
                Matcher matcher = ADDRESS.matcher(read(source));
                while (matcher.find()) {
                    String address = first(matcher);
                    if (!exists(source, address)) {
                        missing.add(source + " -> " + address);
                    }
                }
            });
        }
        assertThat(missing).isEmpty();
    }

    @Test
    void everyPageOfTheServer_isDrawnByAModule() {
        String routes = read(WEB.resolve("shell/app.js"));
        assertThat(WebPages.PAGES).allSatisfy(page -> {
            String path = page.replaceAll("\\{[^}]+}", "x");
            assertThat(Pattern.compile("\\[/(\\^.*?\\$)/, ")
                            .matcher(routes)
                            .results()
                            .map(match -> match.group(1).replace("\\/", "/"))
                            .anyMatch(path::matches))
                    .as(page)
                    .isTrue();
        });
    }

    private static String first(Matcher matcher) {
        return Stream.of(1, 2, 3)
                .map(matcher::group)
                .filter(group -> group != null)
                .findFirst()
                .orElseThrow();
    }

    private static boolean exists(Path source, String address) {
        if (address.startsWith("/ui/")) {
            return Files.exists(WEB.resolve(address.substring("/ui/".length())));
        }
        if (address.startsWith("/lib/")) {
            String resource = "META-INF/resources/webjars/"
                    + address.substring("/lib/".length()).replace('@', '/');
            return WebSourcesTest.class.getClassLoader().getResource(resource) != null;
        }
        return address.startsWith(".")
                && Files.exists(source.resolveSibling(address).normalize());
    }

    private static String read(Path source) {
        try {
            return Files.readString(source);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
