/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Asks as an attacker would, over sockets. */
@Timeout(20)
class SecurityTest {
    private static final List<URI> announced = Collections.synchronizedList(new ArrayList<>());
    private static DashboardServer server;

    @BeforeAll
    static void start() {
        server = DashboardServer.start(DashboardOptions.defaults().withPort(0).withAliases(false), announced::add);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /",
        "GET, /healthz",
        "GET, /api/v1/live",
        "GET, /no/such/path",
        "POST, /api/1/envelope/",
        "POST, /v1/traces",
        "POST, /stream",
        "OPTIONS, /api/1/envelope/",
        "DELETE, /api/v1/data",
        "PUT, /",
        "HEAD, /"
    })
    void request_isRefused_whenHostIsForeign(String method, String path) throws Exception {
        for (String host : List.of(
                "evil.example", "evil.example:" + server.port(), "localhost.evil.example", "127.0.0.1.evil.example")) {
            RawHttp.Answer answer = ask(method, path, "Host: " + host);

            assertThat(answer.status()).as(host).isEqualTo(403);
            assertThat(answer.head() + answer.body()).doesNotContain("evil");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "127.0.0.1", "[::1]", "LOCALHOST"})
    void request_isAnswered_whenHostIsThisMachine(String name) throws Exception {
        assertThat(ask("GET", "/healthz", "Host: " + name + ":" + server.port()).status())
                .isEqualTo(200);
        assertThat(ask("GET", "/healthz", "Host: " + name).status()).isEqualTo(200);
    }

    @Test
    void healthz_saysNothingButOk() throws Exception {
        RawHttp.Answer answer = ask("GET", "/healthz");

        assertThat(answer.body()).contains("OK").hasSizeLessThan(20);
        assertThat(answer.header("Server")).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/traces", "/ui/shell/app.js", "/api/v1/overview", "/api/v1/live", "/other"})
    void pagesAndApi_askForTheToken(String path) throws Exception {
        assertThat(ask("GET", path).status()).isEqualTo(401);
        assertThat(ask("GET", path + "?t=wrong").status()).isEqualTo(401);
        assertThat(ask("GET", path, "Cookie: tracebridge_" + server.port() + "=wrong")
                        .status())
                .isEqualTo(401);
    }

    @Test
    void token_isExchangedOnceForACookie() throws Exception {
        String token = server.link().getQuery().substring(2);
        assertThat(token).matches("[A-Za-z0-9_-]{22,}");

        RawHttp.Answer first = ask("GET", "/traces?a=b&t=" + token + "&c=d");

        assertThat(first.status()).isEqualTo(303);
        assertThat(first.header("Location")).isEqualTo("/traces?a=b&c=d");
        assertThat(first.header("Set-Cookie"))
                .startsWith("tracebridge_" + server.port() + "=")
                .containsIgnoringCase("; HttpOnly")
                .contains("SameSite=Strict")
                .contains("Path=/")
                .doesNotContain("Domain")
                .doesNotContain("Secure")
                .doesNotContain(token);
        assertThat(ask("GET", "/", "Cookie: " + cookie(first)).status()).isEqualTo(200);
        assertThat(ask("GET", "/?t=" + token).status()).isEqualTo(401);
        String next = announced.get(announced.size() - 1).getRawQuery();
        assertThat(ask("GET", "/?" + next).status()).isEqualTo(303);
    }

    @Test
    void redirect_staysHere_whenThePathLooksLikeAHost() throws Exception {
        String token = server.link().getQuery().substring(2);

        RawHttp.Answer answer = ask("GET", "//evil.example/?t=" + token);

        assertThat(String.valueOf(answer.header("Location")))
                .doesNotStartWith("//")
                .doesNotStartWith("http");
    }

    @Test
    void cookieOfPages_isNoKeyForTheOtherDashboard() throws Exception {
        String cookie = login();

        try (DashboardServer other =
                DashboardServer.start(DashboardOptions.defaults().withPort(0).withAliases(false))) {
            assertThat(RawHttp.send(other.port(), "GET", "/", List.of("Cookie: " + cookie), "")
                            .status())
                    .isEqualTo(401);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://evil.example", "null", "http://localhost.evil.example", "http://localhost:3000"})
    void api_isRefused_whenOriginIsForeign(String origin) throws Exception {
        String cookie = login();

        RawHttp.Answer answer = ask("GET", "/api/v1/overview", "Cookie: " + cookie, "Origin: " + origin);

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.header("Access-Control-Allow-Origin")).isNull();
    }

    @Test
    void change_needsOwnOriginAndHeader() throws Exception {
        String cookie = "Cookie: " + login();
        String origin = "Origin: http://localhost:" + server.port();
        String own = "X-Tracebridge: 1";

        assertThat(ask("DELETE", "/api/v1/x", cookie, origin).status()).isEqualTo(403);
        assertThat(ask("DELETE", "/api/v1/x", cookie, own, "Origin: https://evil.example")
                        .status())
                .isEqualTo(403);
        assertThat(ask("DELETE", "/api/v1/x", cookie, own, "Sec-Fetch-Site: same-site")
                        .status())
                .isEqualTo(403);
        assertThat(ask("POST", "/api/v1/x", cookie, own, origin, "Content-Type: text/plain")
                        .status())
                .isEqualTo(415);
        assertThat(ask("DELETE", "/api/v1/x", own, origin).status()).isEqualTo(401);
        // past the guard there is no such thing
        assertThat(ask("DELETE", "/api/v1/x", cookie, own, origin).status()).isEqualTo(404);
    }

    @Test
    void preflight_isRefusedByTheApi() throws Exception {
        RawHttp.Answer answer = ask(
                "OPTIONS",
                "/api/v1/data",
                "Origin: http://localhost:3000",
                "Access-Control-Request-Method: DELETE",
                "Access-Control-Request-Headers: x-tracebridge");

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.header("Access-Control-Allow-Origin")).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://evil.example", "null", "http://127.0.0.1.evil.example", "file://"})
    void telemetry_isRefused_whenOriginIsForeign(String origin) throws Exception {
        for (String path : List.of("/api/1/envelope/", "/api/1/store/", "/stream", "/v1/traces")) {
            RawHttp.Answer answer = RawHttp.send(
                    server.port(), "POST", path, List.of("Origin: " + origin, "Content-Type: text/plain"), "{}\n");

            assertThat(answer.status()).as(path).isEqualTo(403);
            assertThat(answer.header("Access-Control-Allow-Origin")).isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://localhost:3000", "http://127.0.0.1", "http://[::1]:5173", "https://localhost"})
    void telemetry_isTakenFromPagesOfThisMachine(String origin) throws Exception {
        RawHttp.Answer preflight = ask(
                "OPTIONS",
                "/api/1/envelope/",
                "Origin: " + origin,
                "Access-Control-Request-Method: POST",
                "Access-Control-Request-Headers: x-sentry-auth");

        assertThat(preflight.status()).isEqualTo(204);
        assertThat(preflight.header("Access-Control-Allow-Origin")).isEqualTo(origin);
        assertThat(preflight.header("Access-Control-Allow-Headers")).contains("x-sentry-auth");
        assertThat(preflight.header("Access-Control-Allow-Credentials")).isNull();
    }

    @Test
    void credentialsOfPages_areNotNeededForTelemetry() throws Exception {
        assertThat(RawHttp.send(server.port(), "POST", "/v1/traces", List.of(), "{}")
                        .status())
                .isNotEqualTo(401)
                .isNotEqualTo(403);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/api/v1/overview", "/healthz", "/no/such/path", "/v1/traces"})
    void answer_tellsTheBrowserWhatNotToDo(String path) throws Exception {
        RawHttp.Answer answer = ask("GET", path, "Cookie: " + login());

        assertThat(answer.header("Content-Security-Policy"))
                .contains("default-src 'none'")
                .contains("frame-ancestors 'none'")
                .doesNotContain("unsafe");
        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(answer.header("Referrer-Policy")).isEqualTo("no-referrer");
        assertThat(answer.header("Cross-Origin-Opener-Policy")).isEqualTo("same-origin");
        assertThat(answer.header("Cross-Origin-Resource-Policy")).isEqualTo("same-origin");
    }

    @Test
    void apiAnswer_isNotCached() throws Exception {
        assertThat(ask("GET", "/api/v1/overview", "Cookie: " + login()).header("Cache-Control"))
                .isEqualTo("no-store");
    }

    @Test
    void body_isRefused_whenItSaysItIsTooLarge() throws Exception {
        assertThat(ask("POST", "/v1/traces", "Content-Type: application/json", "Content-Length: " + (65L << 20))
                        .status())
                .isEqualTo(413);
        assertThat(ask("POST", "/api/1/envelope/", "Content-Encoding: gzip", "Content-Length: 20000001")
                        .status())
                .isEqualTo(413);
    }

    @Test
    void requestLine_isRefused_whenItIsTooLong() throws Exception {
        assertThat(ask("GET", "/" + "a".repeat(9_000)).status()).isEqualTo(414);
    }

    @Test
    void error_repeatsNothingOfTheRequest() throws Exception {
        RawHttp.Answer answer = ask("GET", "/%3Cscript%3Ealert(1)%3C/script%3E?q=%1b", "Cookie: " + login());

        assertThat(answer.body()).doesNotContain("alert").doesNotContain("Exception");
    }

    @Test
    void bodyThatIsTooLarge_isRefusedInTheSendersWords_andCounted() throws Exception {
        RawHttp.Answer otlp =
                ask("POST", "/v1/traces", "Content-Type: application/json", "Content-Length: " + ((64L << 20) + 1));
        assertThat(otlp.status()).isEqualTo(413);
        assertThat(otlp.body()).contains("\"code\":8", "\"message\":");
        RawHttp.Answer protobuf = ask(
                "POST", "/v1/traces", "Content-Type: application/x-protobuf", "Content-Length: " + ((64L << 20) + 1));
        assertThat(protobuf.header("Content-Type")).startsWith("application/x-protobuf");
        RawHttp.Answer sentry = ask("POST", "/api/1/envelope/", "Content-Length: 100000001");
        assertThat(sentry.status()).isEqualTo(413);
        assertThat(sentry.body()).contains("\"detail\":", "\"causes\":[]");
        assertThat(health()).contains("\"reason\":\"too_large\"");
    }

    @Test
    void telemetryThatIsTurnedAway_isCounted() throws Exception {
        ask("POST", "/v1/logs", "Host: evil.example");
        ask("POST", "/api/1/envelope/", "Origin: https://evil.example");
        ask("GET", "/api/v1/health", "Origin: https://evil.example");

        assertThat(health())
                .contains("{\"protocol\":\"otlp-http\",\"item\":\"request\"")
                .contains("\"reason\":\"forbidden_host\"", "\"reason\":\"forbidden_origin\"")
                .doesNotContain("evil");
    }

    @Test
    void tokenOfPages_isNoKeyForTelemetry_norTheReverse() throws Exception {
        String token = "my-own-token-0123456789";
        String key = "a-key-of-senders-012345";
        try (DashboardServer mine = DashboardServer.start(
                DashboardOptions.defaults().withPort(0).withAliases(false).withToken(token),
                next -> {},
                name -> name.equals("TRACEBRIDGE_INGEST_KEYS") ? key : null)) {
            assertThat(bearer(mine, "GET", "/traces", token)).isEqualTo(200);
            assertThat(bearer(mine, "GET", "/traces", token.replace('9', '8'))).isEqualTo(401);
            assertThat(bearer(mine, "GET", "/traces", key)).isEqualTo(401);
            assertThat(bearer(mine, "GET", "/api/v1/health", key)).isEqualTo(401);
            assertThat(bearer(mine, "POST", "/v1/traces", key)).isEqualTo(200);
            assertThat(bearer(mine, "POST", "/v1/traces", token)).isEqualTo(403);
            RawHttp.Answer opened = RawHttp.send(mine.port(), "GET", "/?t=" + token, List.of(), "");
            assertThat(RawHttp.send(
                                    mine.port(),
                                    "POST",
                                    "/api/1/envelope/",
                                    List.of("Cookie: " + cookie(opened)),
                                    "{}\n{\"type\":\"event\"}\n{}\n")
                            .status())
                    .isEqualTo(403);
        }
    }

    private static int bearer(DashboardServer server, String method, String path, String secret) throws Exception {
        List<String> headers = List.of("Authorization: Bearer " + secret, "Content-Type: application/json");
        return RawHttp.send(server.port(), method, path, headers, method.equals("POST") ? "{}" : "")
                .status();
    }

    private String health() throws Exception {
        return ask("GET", "/api/v1/health", "Cookie: " + login()).body();
    }

    private String login() throws Exception {
        return cookie(ask("GET", "/?t=" + server.link().getQuery().substring(2)));
    }

    private static String cookie(RawHttp.Answer answer) {
        return answer.header("Set-Cookie").split(";", 2)[0];
    }

    private RawHttp.Answer ask(String method, String path, String... headers) throws Exception {
        return RawHttp.send(server.port(), method, path, List.of(headers), "");
    }
}
