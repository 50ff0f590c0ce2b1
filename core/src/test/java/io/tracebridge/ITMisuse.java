/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge;

import static io.tracebridge.Tracebridge.attrs;
import static io.tracebridge.Tracebridge.captureError;
import static io.tracebridge.Tracebridge.withSpan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.tracebridge.context.Pipeline;
import io.tracebridge.error.ErrorReport;
import io.tracebridge.metrics.Metrics;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.AbstractMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What an application hands over may throw anything when it is asked anything: none of it comes back. */
class ITMisuse {
    @TempDir
    private Path spool;

    private FakeBackends backends;
    private Tracebridge bridge;

    @BeforeEach
    void start() throws Exception {
        GlobalOpenTelemetry.resetForTest();
        backends = new FakeBackends();
        bridge = Tracebridge.builder()
                .dsn(backends.dsn())
                .otlpEndpoint(backends.url() + "/v1/traces")
                .samplingRate(1)
                .spoolDir(spool)
                .start();
    }

    @AfterEach
    void stop() {
        bridge.close();
        backends.close();
        GlobalOpenTelemetry.resetForTest();
    }

    static Stream<Throwable> thrown() {
        return Stream.of(
                new IllegalStateException("unchecked"),
                new AssertionError("an assertion"),
                new NoClassDefFoundError("com/acme/Missing"),
                new StackOverflowError(),
                new IOException("checked, and nobody declared it"));
    }

    @ParameterizedTest
    @MethodSource("thrown")
    void value_costsOnlyItself_whenItsTextThrows(Throwable thrown) {
        Object hostile = new Hostile(thrown);
        Map<String, Object> broken = new AbstractMap<>() {
            @Override
            public Set<Entry<String, Object>> entrySet() {
                throw Hostile.<RuntimeException>sneaky(thrown);
            }
        };

        String done = withSpan("step", attrs("hostile", hostile).and("n", 1), step -> {
            step.put("hostile", hostile);
            Pipeline.current().put("hostile", hostile).tag("hostile", hostile);
            return "done";
        });
        assertThat(done).isEqualTo("done");
        Metrics.sceneGeneration(1, Map.of("hostile", hostile));
        assertThat(captureError(new Exception("with a value"), Map.of("hostile", hostile, "n", 1)))
                .hasSize(32);
        assertThat(captureError(new Exception("with a map"), broken)).hasSize(32);
        assertThat(ErrorReport.of(new Exception("with a tag"))
                        .tag("hostile", hostile)
                        .context("c", Map.of("hostile", hostile))
                        .send())
                .hasSize(32);
        bridge.flush(Duration.ofSeconds(20));
        assertThat(backends.events()).hasSize(3);
    }

    @ParameterizedTest
    @MethodSource("thrown")
    void throwable_isAnEventAllTheSame_whenItsMethodsThrow(Throwable thrown) {
        HostileException hostile = new HostileException(thrown);

        assertThatThrownBy(() -> withSpan("step", () -> {
                    throw hostile;
                }))
                .isSameAs(hostile);
        assertThat(captureError(hostile)).hasSize(32);

        bridge.flush(Duration.ofSeconds(20));
        assertThat(backends.events()).hasSize(1);
        JsonNode exception = backends.events().get(0).at("/exception/values/0");
        assertThat(exception.path("type").asText()).contains("HostileException");
        assertThat(exception.path("value").asText())
                .contains("getMessage threw " + thrown.getClass().getName());
        assertThat(backends.events().get(0).at("/tags/step").asText()).isEqualTo("step");
    }

    @Test
    void endlessChain_fitsIntoWhatSentryTakes_withBothItsEnds() {
        Throwable chain = new IllegalStateException("the cause of it all");
        for (int i = 0; i < 3_000; i++) {
            chain = new RuntimeException("layer " + i, chain);
        }
        Exception bundle = new Exception("a bundle");
        for (int i = 0; i < 3_000; i++) {
            bundle.addSuppressed(new Exception("suppressed " + i));
        }

        captureError(chain);
        captureError(bundle);
        bridge.flush(Duration.ofSeconds(20));

        assertThat(backends.events()).hasSize(2).allSatisfy(event -> {
            assertThat(event.toString().length()).isLessThan(500_000);
            assertThat(event.at("/exception/values")).hasSize(50);
            assertThat(event.at("/contexts/exceptions_left_out/count").asInt()).isGreaterThan(2_900);
        });
        assertThat(backends.events().get(0).toString()).contains("the cause of it all", "layer 2999");
        assertThat(backends.events().get(1).toString()).contains("a bundle");
    }

    @Test
    void hugeMap_costsNoMoreThanWhatIsKeptOfIt() {
        Map<String, Object> huge = new HashMap<>();
        for (int i = 0; i < 100_000; i++) {
            huge.put("key" + i, i);
        }
        int[] read = {0};
        Map<String, Object> counting = new AbstractMap<>() {
            @Override
            public Set<Entry<String, Object>> entrySet() {
                Set<Entry<String, Object>> entries = huge.entrySet();
                return new java.util.AbstractSet<>() {
                    @Override
                    public java.util.Iterator<Entry<String, Object>> iterator() {
                        return entries.stream().peek(each -> read[0]++).iterator();
                    }

                    @Override
                    public int size() {
                        return entries.size();
                    }
                };
            }
        };

        captureError(new Exception("with a huge map"), counting);

        assertThat(read[0]).isLessThan(1_000);
    }

    @Test
    void flush_takesEveryTimeout_andReturnsAtOnceAfterClose() {
        captureError(new Exception("to be flushed"));

        assertThat(bridge.flush(Duration.ofSeconds(Long.MAX_VALUE))).isTrue();
        bridge.flush(Duration.ofSeconds(-1));
        bridge.flush(null);
        bridge.close();
        bridge.close();

        assertThat(bridge.flush(Duration.ofDays(1))).isFalse();
        assertThat(captureError(new Exception("too late"))).isEmpty();
        assertThat(withSpan("step", () -> 1)).isEqualTo(1);
        assertThat(backends.events()).hasSize(1);
    }

    @Test
    void callbackOfTheApplication_costsOnlyItself_whenItThrowsAnError() {
        bridge.close();
        bridge = Tracebridge.builder()
                .dsn(backends.dsn())
                .spoolDir(spool)
                .sentry(options -> {
                    throw new AssertionError("in a callback");
                })
                .start();

        assertThat(captureError(new Exception("all the same"))).hasSize(32);
    }

    @Test
    void closeAndFlush_reachDelivery_whenAProcessorOfTheApplicationThrows() {
        bridge.close();
        HostileProcessor.on = true;
        try {
            bridge = Tracebridge.builder()
                    .dsn(backends.dsn())
                    .tracing(true)
                    .spoolDir(spool)
                    .start();
            captureError(new Exception("all the same"));

            assertThat(bridge.flush(Duration.ofSeconds(20))).isFalse();
            assertThat(backends.events()).hasSize(1);
            bridge.close();
            assertThat(Tracebridge.isStarted()).isFalse();
        } finally {
            HostileProcessor.on = false;
        }
    }

    @Test
    void null_isNamedByItsSetting() {
        Tracebridge.Builder builder = Tracebridge.builder();

        assertThatNullPointerException().isThrownBy(() -> builder.dsn(null)).withMessage("SENTRY_DSN");
        assertThatNullPointerException()
                .isThrownBy(() -> builder.spoolDir(null))
                .withMessage("TRACEBRIDGE_SPOOL_DIR");
        assertThatNullPointerException()
                .isThrownBy(() -> builder.slowTrace(null))
                .withMessage("SLOW_TRACE_MS");
        assertThatNullPointerException()
                .isThrownBy(() -> builder.otlpHeaders(null))
                .withMessage("OTLP_HEADERS");
    }

    @Test
    void durations_areChecked_howeverLong() {
        Duration endless = Duration.ofSeconds(Long.MAX_VALUE);

        Metrics.timer("endless").record(endless);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tracebridge.builder().slowTrace(endless))
                .withMessageContaining("SLOW_TRACE_MS");
    }

    /** Throws from every method that it may be asked by. */
    private static final class Hostile {
        private final Throwable thrown;

        Hostile(Throwable thrown) {
            this.thrown = thrown;
        }

        @Override
        public String toString() {
            throw Hostile.<RuntimeException>sneaky(thrown);
        }

        @Override
        public boolean equals(Object other) {
            throw Hostile.<RuntimeException>sneaky(thrown);
        }

        @Override
        public int hashCode() {
            throw Hostile.<RuntimeException>sneaky(thrown);
        }

        @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
        static <E extends Throwable> RuntimeException sneaky(Throwable any) throws E {
            throw (E) any;
        }
    }

    private static final class HostileException extends RuntimeException {
        private final transient Throwable thrown;

        HostileException(Throwable thrown) {
            this.thrown = thrown;
        }

        @Override
        public String getMessage() {
            throw Hostile.<RuntimeException>sneaky(thrown);
        }

        @Override
        public synchronized Throwable getCause() {
            throw Hostile.<RuntimeException>sneaky(thrown);
        }

        @Override
        public StackTraceElement[] getStackTrace() {
            throw Hostile.<RuntimeException>sneaky(thrown);
        }

        @Override
        public String toString() {
            throw Hostile.<RuntimeException>sneaky(thrown);
        }
    }
}
