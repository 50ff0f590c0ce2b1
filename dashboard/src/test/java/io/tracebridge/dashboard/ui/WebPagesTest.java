/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ui;

import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.util.zip.GZIPInputStream;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebPagesTest {
    private static final OkHttpClient CLIENT = new OkHttpClient();
    private static Server server;
    private static String origin;

    @BeforeAll
    static void start() {
        ServerBuilder builder = Server.builder().http(new InetSocketAddress("127.0.0.1", 0));
        WebPages.create().addTo(builder::service);
        server = builder.build();
        server.start().join();
        origin = "http://127.0.0.1:" + server.activeLocalPort();
    }

    @AfterAll
    static void stop() {
        server.stop().join();
        CLIENT.connectionPool().evictAll();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/traces",
                "/traces/5b8efff798038103d269b633813fc60c?span=eee19b7ec3c1b174",
                "/issues/1/events/2",
                "/health-ui"
            })
    void everyPageAddress_answersTheShell_underTheStrictPolicy(String path) throws IOException {
        try (Response response = get(path)) {
            assertThat(response.code()).isEqualTo(200);
            assertThat(response.header("content-type")).isEqualTo("text/html; charset=utf-8");
            assertThat(response.header("content-security-policy"))
                    .contains("default-src 'none'", "script-src 'self'", "require-trusted-types-for 'script'")
                    .doesNotContain("unsafe");
            assertThat(response.body().string()).contains("/ui/shell/app.js").doesNotContain("<style", "onload");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/ui/shell/app.js, text/javascript; charset=utf-8, no-cache",
        "/ui/shell/tokens.css, text/css; charset=utf-8, no-cache",
        "/lib/lit-html@3.3.2/lit-html.js, text/javascript; charset=utf-8, 'public, max-age=31536000, immutable'",
        "/lib/uplot@1.6.30/dist/uPlot.iife.min.js, text/javascript; charset=utf-8, 'public, max-age=31536000, immutable'"
    })
    void file_hasItsTypeAndCaching(String path, String type, String caching) throws IOException {
        try (Response response = get(path)) {
            assertThat(response.code()).isEqualTo(200);
            assertThat(response.header("content-type")).isEqualTo(type);
            assertThat(response.header("cache-control")).isEqualTo(caching);
            assertThat(response.header("x-content-type-options")).isEqualTo("nosniff");
        }
    }

    @Test
    void file_isNotSentAgain_whileItsTagStillMatches() throws IOException {
        String tag;
        try (Response first = get("/ui/shell/app.js")) {
            tag = first.header("etag");
        }
        Request again = new Request.Builder()
                .url(origin + "/ui/shell/app.js")
                .header("if-none-match", tag)
                .build();
        try (Response second = CLIENT.newCall(again).execute()) {
            assertThat(second.code()).isEqualTo(304);
            assertThat(second.body().bytes()).isEmpty();
        }
    }

    @Test
    void file_isCompressed_onlyForThoseWhoAsk() throws IOException {
        byte[] plain;
        try (Response response = accepting("identity")) {
            assertThat(response.header("content-encoding")).isNull();
            plain = response.body().bytes();
        }
        try (Response response = accepting("gzip");
                InputStream unpacked = new GZIPInputStream(response.body().byteStream())) {
            assertThat(response.header("content-encoding")).isEqualTo("gzip");
            assertThat(unpacked.readAllBytes()).isEqualTo(plain);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/ui/nothing.js",
                "/ui/shell",
                "/ui/..%2f..%2flogging.properties",
                "/ui/%2e%2e/logging.properties",
                "/lib/lit-html@3.3.2/package.json",
                "/lib/lit-html@3.3.2/../../uplot/1.6.30/package.json",
                "/lib/lit-html@9.9.9/lit-html.js",
                "/lib/jquery@1.0.0/jquery.js",
                "/lib/lit-html@.../lit-html.js"
            })
    void anythingElseOnTheClassPath_isOutOfReach(String path) throws IOException {
        try (Response response = get(path)) {
            assertThat(response.code()).isBetween(400, 404);
        }
    }

    private static Response get(String path) throws IOException {
        return CLIENT.newCall(new Request.Builder().url(origin + path).build()).execute();
    }

    private static Response accepting(String encoding) throws IOException {
        return CLIENT.newCall(new Request.Builder()
                        .url(origin + "/ui/shell/tokens.css")
                        .header("accept-encoding", encoding)
                        .build())
                .execute();
    }
}
