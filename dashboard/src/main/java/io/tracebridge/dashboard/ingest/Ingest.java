/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ingest;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServerBuilder;
import io.tracebridge.dashboard.http.Routes;
import io.tracebridge.dashboard.store.IngestLedger;
import io.tracebridge.dashboard.store.Intake;
import java.time.Duration;

/**
 * The endpoints that receive telemetry: Sentry's envelopes, events and Spotlight stream, and OTLP over HTTP and gRPC,
 * all on the one port.
 *
 * <p>Bodies are decoded on threads of its own and handed to the store's queue: an answer never waits for the disk. The
 * threads are daemons and end when nothing came for some seconds, so there is nothing to close.
 * @since 0.1
 */
public final class Ingest implements Routes {
    /** A client that takes longer to send a request is stuck, or means to hold the connection. */
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(30);

    private final SentryIntake sentry;
    private final OtlpIntake otlp;
    private final Receiver receiver;
    private final Context context;

    private Ingest(Intake intake, IngestLedger ledger, IngestOptions options) {
        context = new Context(
                options.scrubber(), ledger, options.clock(), new KnownNames(), new SeenThrows(), new SeenEvents());
        Refusals refusals = new Refusals(context);
        sentry = new SentryIntake(intake, context, refusals);
        otlp = new OtlpIntake(intake, context, refusals);
        receiver = new Receiver(new Lanes(), new IngestKeys(options.keys()), refusals);
    }

    /** Endpoints in front of a store. */
    public static Ingest create(Intake intake, IngestLedger ledger, IngestOptions options) {
        return new Ingest(intake, ledger, options);
    }

    /**
     * To be called when the stored data were cleared: names have their room again, and a throw or an event that comes once more is
     * a new one.
     */
    public void forget() {
        context.names().forgetAll();
        context.throwsSeen().forgetAll();
        context.eventsSeen().forgetAll();
    }

    @Override
    public void bind(ServerBuilder server) {
        HttpService envelopes = new SentryEndpoint(false, sentry, receiver);
        HttpService events = new SentryEndpoint(true, sentry, receiver);
        bind(server, envelopes, "/api/{project}/envelope", "/api/{project}/envelope/", "/stream");
        bind(server, events, "/api/{project}/store", "/api/{project}/store/");
        for (OtlpSignal signal : OtlpSignal.values()) {
            bind(
                    server,
                    new OtlpHttpEndpoint(signal, otlp, receiver),
                    signal.httpPath(),
                    signal.httpPath() + "/",
                    "/api/{project}/integration/otlp" + signal.httpPath(),
                    "/api/{project}/integration/otlp" + signal.httpPath() + "/");
            bind(server, new OtlpGrpcEndpoint(signal, otlp, receiver), signal.grpcPath());
        }
        server.service("/v1development/profiles", (ctx, request) -> HttpResponse.of(HttpStatus.NOT_IMPLEMENTED));
    }

    private static void bind(ServerBuilder server, HttpService service, String... paths) {
        for (String path : paths) {
            server.route()
                    .path(path)
                    // the guard bounds bodies; the server would refuse them in words that no sender knows, and
                    // uncounted
                    .maxRequestLength(0)
                    .requestTimeout(REQUEST_TIMEOUT)
                    .build(service);
        }
    }
}
