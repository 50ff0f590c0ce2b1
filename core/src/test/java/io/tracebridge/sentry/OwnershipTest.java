/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sentry;

import static io.tracebridge.sentry.BridgeFixture.TRACE;
import static io.tracebridge.sentry.BridgeFixture.error;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sentry.EventProcessor;
import io.sentry.Hint;
import io.sentry.ILogger;
import io.sentry.ISentryClient;
import io.sentry.ITransportFactory;
import io.sentry.Sentry;
import io.sentry.SentryEvent;
import io.sentry.SentryLevel;
import io.sentry.SentryOptions;
import io.tracebridge.metrics.DropReason;
import io.tracebridge.scrub.RuleScrubber;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose Sentry it is, and what becomes of it. */
class OwnershipTest {
    private BridgeFixture fixture;

    @BeforeEach
    void open() throws Exception {
        fixture = new BridgeFixture();
    }

    @AfterEach
    void close() {
        System.clearProperty("sentry.traces-sample-rate");
        System.clearProperty("sentry.dsn");
        System.clearProperty("sentry.tags.zone");
        fixture.close();
    }

    @Test
    void start_initialisesSentry_withExternalConfigurationButWithoutItsTracing() {
        System.setProperty("sentry.traces-sample-rate", "1.0");
        System.setProperty("sentry.dsn", "http://other@127.0.0.1:1/9");
        System.setProperty("sentry.tags.zone", "north");

        fixture.start().send(error(new IllegalStateException()));

        SentryOptions options = Sentry.getGlobalScope().getOptions();
        assertThat(options.isTracingEnabled()).isFalse();
        assertThat(options.isPrintUncaughtStackTrace()).isTrue();
        assertThat(options.isEnableShutdownHook()).isFalse();
        FakeSentry.Item event = fixture.sentry.await1("event");
        assertThat(event.payload().path("tags").path("zone").asText()).isEqualTo("north");
    }

    @Test
    void callbackOfTheApplication_isHeard_alsoWhenItFails() {
        fixture.callback = options -> {
            options.setServerName("host-1");
            throw new IllegalStateException("application bug");
        };

        fixture.start().send(error(new IllegalStateException()));

        assertThat(fixture.sentry.await1("event").payload().path("server_name").asText())
                .isEqualTo("host-1");
    }

    @Test
    void dsnWithPathPrefix_isHonoured() {
        fixture.settings = fixture.settings.toBuilder()
                .dsn(fixture.sentry.dsn("/errors/eu"))
                .build();

        fixture.start().send(error(new IllegalStateException()));

        fixture.sentry.await1("event");
        assertThat(fixture.sentry.requests().get(0).getTarget()).isEqualTo("/errors/eu/api/42/envelope/");
        assertThat(fixture.sentry.requests().get(0).getHeaders().get("X-Sentry-Auth"))
                .contains("sentry_key=pubkey");
        assertThat(fixture.destinations.get(0).toString()).doesNotContain("pubkey");
    }

    @Test
    void malformedDsn_isNamedOnceAndNothingThrows() {
        try (LogCapture log = new LogCapture()) {
            fixture.settings =
                    fixture.settings.toBuilder().dsn("not-a-dsn-with-secretkey").build();

            SentryBridge bridge = fixture.start();

            assertThat(bridge.send(error(new IllegalStateException()))).isEmpty();
            assertThat(log.warnings()).singleElement().asString().contains("SENTRY_DSN");
            assertThat(log.warnings().toString()).doesNotContain("secretkey");
        }
    }

    @Test
    void sentryOfTheApplication_isAdopted_withItsCallbacksScopesAndIntegrations() {
        AtomicInteger asked = new AtomicInteger();
        Sentry.init(options -> {
            options.setDsn(fixture.sentry.dsn());
            options.setTag("owner", "application");
            options.setBeforeSend((event, hint) -> {
                asked.incrementAndGet();
                return event;
            });
        });
        Sentry.setTag("set-before", "yes");
        SentryOptions before = Sentry.getGlobalScope().getOptions();

        try (LogCapture log = new LogCapture()) {
            fixture.start().send(error(new IllegalStateException()));

            assertThat(log.infos()).singleElement().asString().contains("initialised by the application");
        }
        assertThat(Sentry.getGlobalScope().getOptions()).isSameAs(before);
        FakeSentry.Item event = fixture.sentry.await1("event");
        assertThat(event.envelope().path("trace").path("trace_id").asText()).isEqualTo(TRACE);
        assertThat(event.payload().path("tags").path("owner").asText()).isEqualTo("application");
        assertThat(event.payload().path("tags").path("set-before").asText()).isEqualTo("yes");
        assertThat(asked).hasValue(1);
        assertThat(fixture.destinations).hasSize(1);
    }

    @Test
    void laterInitOfTheApplication_isAdoptedByItself() {
        SentryBridge bridge = fixture.start();
        Sentry.init(options -> {
            options.setDsn(fixture.sentry.dsn());
            options.setTag("owner", "application");
        });

        // nothing of ours is called: the watcher has to see it
        await().atMost(Duration.ofSeconds(5))
                .until(() -> Sentry.getGlobalScope().getOptions().getBeforeSend() != null);
        Sentry.captureException(new IllegalStateException("token=abcdefgh12345678abcdefgh"));

        FakeSentry.Item event = fixture.sentry.await1("event");
        assertThat(event.payload().path("tags").path("owner").asText()).isEqualTo("application");
        assertThat(event.text()).doesNotContain("abcdefgh12345678");
        assertThat(bridge.active()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void firstCaptureAfterALaterInit_isOurs(boolean sentryOfOursBefore) {
        if (!sentryOfOursBefore) {
            fixture.settings = fixture.settings.toBuilder().dsn(null).build();
        }
        SentryBridge bridge = fixture.start();
        Sentry.init(options -> {
            options.setDsn(fixture.sentry.dsn());
            options.setDebug(true);
            options.setLogger(new SlowLogger(options)); // an init as slow as a first one on a busy machine
        });
        ISentryClient made = Sentry.getGlobalScope().getClient();
        Sentry.captureException(new IllegalStateException("token=abcdefgh12345678abcdefgh"));

        FakeSentry.Item event = fixture.sentry.await1("event");
        assertThat(event.text()).doesNotContain("abcdefgh12345678");
        assertThat(fixture.destinations).isNotEmpty();
        await().until(bridge::active);
        assertThat(Sentry.getGlobalScope().getClient()).isSameAs(made);
    }

    /** Holds the init between taking the options and making the client, until the options have our parts. */
    private record SlowLogger(SentryOptions options) implements ILogger {
        @Override
        public void log(SentryLevel level, String message, Object... args) {
            if (message.startsWith("Initializing SDK")) {
                await().until(() -> options.getBeforeSend() != null);
            }
        }

        @Override
        public void log(SentryLevel level, String message, Throwable throwable) {}

        @Override
        public void log(SentryLevel level, Throwable throwable, String message, Object... args) {}

        @Override
        public boolean isEnabled(SentryLevel level) {
            return true;
        }
    }

    @Test
    void laterInit_goesOnWithItsOwnTransport_whenOursCannotBeMade() {
        SentryBridge bridge = SentryBridge.builder(
                        fixture.settings.toBuilder().dsn(null).build())
                .scrubber(RuleScrubber.create())
                .outboxes(destination -> {
                    throw new IllegalStateException("no disk, no memory");
                })
                .start();
        Sentry.init(options -> {
            options.setDsn(fixture.sentry.dsn());
            options.setDebug(true);
            options.setLogger(new SlowLogger(options));
        });
        await().until(() -> Sentry.getGlobalScope().getOptions().getBeforeSend() == null);
        Sentry.captureMessage("still works");

        fixture.sentry.await1("event");
        assertThat(bridge.active()).isFalse();
        bridge.close(Duration.ofSeconds(1));
    }

    @Test
    void adoptionThatFails_leavesTheApplicationsSentryAsItWas() {
        Sentry.init(options -> options.setDsn(fixture.sentry.dsn()));
        SentryOptions options = Sentry.getGlobalScope().getOptions();
        ITransportFactory transport = options.getTransportFactory();
        SentryBridge bridge = SentryBridge.builder(fixture.settings)
                .scrubber(RuleScrubber.create())
                .outboxes(destination -> {
                    throw new IllegalStateException("no disk, no memory");
                })
                .start();

        assertThat(bridge.active()).isFalse();
        assertThat(options.getTransportFactory()).isSameAs(transport);
        assertThat(options.getBeforeSend()).isNull();
    }

    @Test
    void close_givesTheApplicationItsSentryBack() {
        Sentry.init(options -> options.setDsn(fixture.sentry.dsn()));
        SentryOptions options = Sentry.getGlobalScope().getOptions();
        ITransportFactory transport = options.getTransportFactory();

        fixture.start().close(Duration.ofSeconds(1));
        fixture.bridge().close(Duration.ofSeconds(1));

        assertThat(Sentry.isEnabled()).isTrue();
        assertThat(options.getTransportFactory()).isSameAs(transport);
        assertThat(options.getBeforeSend()).isNull();
        Sentry.captureMessage("still works");
        Sentry.flush(2_000);
        assertThat(fixture.sentry
                        .await1("event")
                        .payload()
                        .path("message")
                        .path("formatted")
                        .asText())
                .isEqualTo("still works");
    }

    @Test
    void close_closesOurOwnSentry() {
        fixture.start().close(Duration.ofSeconds(1));

        assertThat(Sentry.isEnabled()).isFalse();
        assertThat(fixture.bridge().send(error(new IllegalStateException()))).isEmpty();
    }

    @Test
    void uncaughtException_becomesAnEvent_withoutHoldingTheDyingThread() throws Exception {
        fixture.callback = options -> options.setPrintUncaughtStackTrace(false); // keep the build's output clean
        fixture.start();
        Thread thread = new Thread(
                () -> {
                    throw new IllegalStateException("nobody caught this");
                },
                "dying");

        thread.start();
        thread.join(10_000);

        // Sentry's own handler holds it for the 15 s of a flush
        assertThat(thread.isAlive()).isFalse();
        FakeSentry.Item event = fixture.sentry.await1("event");
        assertThat(event.payload().path("level").asText()).isEqualTo("fatal");
        assertThat(event.payload()
                        .path("exception")
                        .path("values")
                        .get(0)
                        .path("mechanism")
                        .path("handled")
                        .asBoolean(true))
                .isFalse();
    }

    @Test
    void modules_areOnOneEventOfAStart() {
        SentryBridge bridge = fixture.start();

        await().atMost(Duration.ofSeconds(10)).until(() -> {
            bridge.send(error(new IllegalStateException()));
            return fixture.sentry.items("event").stream()
                            .filter(event -> event.payload().has("modules"))
                            .count()
                    == 1;
        });
        bridge.send(error(new IllegalStateException("after")));
        bridge.flush(Duration.ofSeconds(2));

        assertThat(fixture.sentry.items("event"))
                .filteredOn(event -> event.payload().has("modules"))
                .hasSize(1);
    }

    @Test
    void mixedVersions_switchTheBridgeOff_withOneLine() {
        fixture.callback = options -> options.setVersionDetector(() -> true);

        try (LogCapture log = new LogCapture()) {
            SentryBridge bridge = fixture.start();

            assertThat(bridge.active()).isFalse();
            assertThat(bridge.send(error(new IllegalStateException()))).isEmpty();
            assertThat(bridge.spanExporter().export(List.of()).isSuccess()).isTrue();
            assertThat(log.warnings()).singleElement().asString().contains("Sentry is off");
        }
    }

    @Test
    void eventDroppedByTheApplication_isCounted() {
        fixture.callback = options -> options.setBeforeSend((event, hint) -> null);

        assertThat(fixture.start().send(error(new IllegalStateException()))).isEmpty();

        assertThat(fixture.accounting.drops(DropReason.CALLBACK)).isEqualTo(1);
    }

    @Test
    void throwingProcessorOfTheApplication_dropsItsEvent_neverTheCall() {
        fixture.callback = options -> options.addEventProcessor(new EventProcessor() {
            @Override
            public SentryEvent process(SentryEvent event, Hint hint) {
                throw new IllegalStateException("application bug");
            }
        });

        assertThat(fixture.start().send(error(new IllegalStateException()))).isEmpty();

        assertThat(fixture.accounting.drops(DropReason.CALLBACK)).isEqualTo(1);
    }
}
