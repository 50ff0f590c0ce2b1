/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sentry;

import io.sentry.Sentry;
import io.sentry.SentryOptions;
import io.tracebridge.delivery.Delivery;
import io.tracebridge.delivery.Destination;
import io.tracebridge.delivery.HttpTransmission;
import io.tracebridge.delivery.LossListener;
import io.tracebridge.error.CapturedError;
import io.tracebridge.error.TraceKeeper;
import io.tracebridge.metrics.Accounting;
import io.tracebridge.scrub.RuleScrubber;
import io.tracebridge.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A bridge over real delivery to a {@link FakeSentry}; ends with Sentry closed, since that is one for the whole JVM. */
final class BridgeFixture implements AutoCloseable {
    static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    static final String SPAN = "b7ad6b7169203331";

    final FakeSentry sentry;
    final Accounting accounting = new Accounting();
    final List<SentryDestination> destinations = new CopyOnWriteArrayList<>();
    final List<String> kept = new CopyOnWriteArrayList<>();
    Settings settings;
    Consumer<SentryOptions> callback = options -> {};
    TraceKeeper keeper = (traceId, reason, fingerprint) -> kept.add(traceId + " " + reason);
    private final Path spool;
    private final Delivery delivery;
    private final AtomicReference<LossListener> losses = new AtomicReference<>((reason, category, quantities) -> {});
    private @Nullable SentryBridge bridge;

    BridgeFixture() throws IOException {
        sentry = new FakeSentry();
        spool = Files.createTempDirectory("tracebridge-sentry");
        delivery = Delivery.open(spool, accounting, InstantSource.system());
        settings = Settings.builder()
                .dsn(sentry.dsn())
                .environment("production")
                .release("app@1.2.3")
                .traceUrlTemplate("https://traces.example/{traceId}?span={spanId}")
                .build();
    }

    SentryBridge start() {
        SentryBridge started = SentryBridge.builder(settings)
                .scrubber(RuleScrubber.create())
                .outboxes(destination -> {
                    destinations.add(destination);
                    return delivery.outbox(new Destination(
                            "sentry",
                            destination.endpoint().toString(),
                            HttpTransmission.ofEnvelopes(destination.endpoint().toString(), destination::headers),
                            (reason, category, quantities) -> losses.get().lost(reason, category, quantities)));
                })
                .accounting(accounting)
                .traceKeeper(keeper)
                .options(options -> callback.accept(options))
                .start();
        losses.set(started.lossListener());
        bridge = started;
        return started;
    }

    SentryBridge bridge() {
        return bridge == null ? start() : bridge;
    }

    static CapturedError error(@Nullable Throwable throwable) {
        return error(throwable, null);
    }

    static CapturedError error(@Nullable Throwable throwable, @Nullable String message) {
        return new CapturedError(
                throwable,
                message,
                null,
                List.of(),
                null,
                "error",
                true,
                "tracebridge.captureError",
                Instant.parse("2026-11-24T10:15:30.123Z"),
                Thread.currentThread().getName(),
                TRACE,
                SPAN,
                null,
                true,
                List.of(),
                Map.of(),
                Map.of(),
                List.of());
    }

    @Override
    public void close() {
        if (bridge != null) {
            bridge.close(Duration.ofSeconds(2));
        }
        Sentry.close();
        delivery.close(Duration.ofSeconds(1));
        sentry.close();
    }
}
