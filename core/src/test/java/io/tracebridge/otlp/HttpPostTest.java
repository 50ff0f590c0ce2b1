/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opentelemetry.common.ComponentLoader;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.common.export.HttpResponse;
import io.opentelemetry.sdk.common.export.HttpSender;
import io.opentelemetry.sdk.common.export.HttpSenderConfig;
import io.opentelemetry.sdk.common.export.HttpSenderProvider;
import io.opentelemetry.sdk.common.export.MessageWriter;
import io.opentelemetry.sdk.common.export.ProxyOptions;
import io.tracebridge.delivery.Payload;
import io.tracebridge.delivery.Transmission.Answer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the usual sender would send, with the header of the answer that it does not show. */
class HttpPostTest {
    private final MockWebServer backend = new MockWebServer();

    @BeforeEach
    void start() throws IOException {
        backend.start();
    }

    @AfterEach
    void stop() {
        backend.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 503})
    void throttlingBackend_saysHowLong(int status) throws Exception {
        backend.enqueue(new MockResponse.Builder()
                .code(status)
                .addHeader("Retry-After", "17")
                .build());

        assertThat(send(exporter())).isEqualTo(new Answer(status, "17", null));
    }

    @Test
    void throttlingBackendThatDoesNotSayHowLong_isBackedOffFrom() throws Exception {
        backend.enqueue(new MockResponse.Builder().code(429).build());

        assertThat(send(exporter())).isEqualTo(new Answer(503, null, null));
    }

    @Test
    void request_isAsTheExporterWasTold() throws Exception {
        backend.enqueue(new MockResponse.Builder().build());
        backend.enqueue(new MockResponse.Builder().build());

        send(exporter().addHeader("api-key", "k").setCompression("none"));
        send(exporter().setHeaders(() -> Map.of("api-key", "fresh")).setCompression("gzip"));

        RecordedRequest plain = backend.takeRequest();
        assertThat(plain.getMethod()).isEqualTo("POST");
        assertThat(plain.getTarget()).isEqualTo("/v1/traces");
        assertThat(plain.getHeaders().values("api-key")).containsExactly("k");
        assertThat(plain.getHeaders().values("Content-Type")).containsExactly("application/x-protobuf");
        assertThat(plain.getHeaders().get("User-Agent")).startsWith("OTel-OTLP-Exporter-Java/");
        assertThat(plain.getHeaders().get("Content-Encoding")).isNull();
        assertThat(plain.getBody().utf8()).isEqualTo("spans");
        RecordedRequest packed = backend.takeRequest();
        assertThat(packed.getHeaders().values("api-key")).containsExactly("fresh");
        assertThat(packed.getHeaders().values("Content-Encoding")).containsExactly("gzip");
    }

    @Test
    void redirect_isFollowed_onlyWhereTheBodyGoesAlong() throws Exception {
        backend.enqueue(redirect(308));
        backend.enqueue(new MockResponse.Builder().build());
        backend.enqueue(redirect(302));

        assertThat(send(exporter().setCompression("none")).status()).isEqualTo(200);
        assertThat(send(exporter()).status()).isEqualTo(302);

        assertThat(backend.getRequestCount()).isEqualTo(3);
        backend.takeRequest();
        assertThat(backend.takeRequest().getBody().utf8()).isEqualTo("spans");
    }

    @Test
    void proxy_isTheExporters() throws Exception {
        backend.enqueue(new MockResponse.Builder().build());

        send(exporter()
                .setEndpoint("http://otlp.invalid/v1/traces")
                .setProxy(ProxyOptions.create(new InetSocketAddress("127.0.0.1", backend.getPort()))));

        assertThat(backend.takeRequest().getRequestLine()).contains("http://otlp.invalid/v1/traces");
    }

    @Test
    void timeout_isTheExporters() {
        assertThatThrownBy(() -> send(exporter().setTimeout(Duration.ofMillis(50))))
                .isInstanceOf(IOException.class);
    }

    @Test
    void certificates_areTheExporters(@TempDir Path folder) throws Exception {
        Path store = folder.resolve("store");
        keytool(store, "-genkeypair", "-keyalg", "EC", "-dname", "CN=test", "-ext", "san=ip:127.0.0.1");
        keytool(store, "-exportcert", "-rfc", "-file", folder + "/pem");
        KeyStore keys = KeyStore.getInstance(store.toFile(), "changeit".toCharArray());
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(keys, "changeit".toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(factory.getKeyManagers(), null, null);
        try (MockWebServer https = new MockWebServer()) {
            https.useHttps(context.getSocketFactory());
            https.enqueue(new MockResponse.Builder().build());
            https.start();
            String url = "https://127.0.0.1:" + https.getPort() + "/v1/traces";

            assertThatThrownBy(() -> send(exporter().setEndpoint(url))).isInstanceOf(SSLException.class);
            assertThat(send(exporter()
                                    .setEndpoint(url)
                                    .setTrustedCertificates(Files.readAllBytes(folder.resolve("pem"))))
                            .status())
                    .isEqualTo(200);
        }
    }

    private static void keytool(Path store, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("-alias", "test", "-keystore", store.toString(), "-storepass", "changeit"));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }

    private static MockResponse redirect(int status) {
        return new MockResponse.Builder()
                .code(status)
                .addHeader("Location", "/elsewhere")
                .build();
    }

    private OtlpHttpSpanExporterBuilder exporter() {
        return OtlpHttpSpanExporter.builder().setEndpoint("http://127.0.0.1:" + backend.getPort() + "/v1/traces");
    }

    private static Answer send(OtlpHttpSpanExporterBuilder exporter) throws IOException {
        HttpPost post = new HttpPost(config(exporter));
        try {
            return post.send(
                    new Payload("traces", "1", Map.of("traces", 1), "spans".getBytes(StandardCharsets.UTF_8)), 1);
        } finally {
            post.close();
        }
    }

    /** What the exporter would have told its sender. */
    private static HttpSenderConfig config(OtlpHttpSpanExporterBuilder exporter) {
        AtomicReference<HttpSenderConfig> told = new AtomicReference<>();
        HttpSenderProvider listening = config -> {
            told.set(config);
            return new Mute();
        };
        exporter.setComponentLoader(new ComponentLoader() {
                    @Override
                    public <T> Iterable<T> load(Class<T> type) {
                        return type == HttpSenderProvider.class
                                ? List.of(type.cast(listening))
                                : ComponentLoader.forClassLoader(HttpPostTest.class.getClassLoader())
                                        .load(type);
                    }
                })
                .build()
                .close();
        return told.get();
    }

    private static final class Mute implements HttpSender {
        @Override
        public void send(MessageWriter writer, Consumer<HttpResponse> onResponse, Consumer<Throwable> onError) {}

        @Override
        public CompletableResultCode shutdown() {
            return CompletableResultCode.ofSuccess();
        }
    }
}
