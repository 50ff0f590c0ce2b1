/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.tracebridge.dashboard.http.Doorkeeper;
import io.tracebridge.dashboard.http.Guard;
import io.tracebridge.dashboard.http.HeaderDeadline;
import io.tracebridge.dashboard.http.LiveHub;
import io.tracebridge.dashboard.http.Routes;
import io.tracebridge.dashboard.http.TurnedAway;
import io.tracebridge.dashboard.store.IngestLedger;
import io.tracebridge.dashboard.store.Store;
import io.tracebridge.dashboard.store.StoreOpenException;
import io.tracebridge.dashboard.store.duckdb.DuckDbOptions;
import io.tracebridge.dashboard.store.duckdb.DuckDbStore;
import java.net.URI;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running dashboard: takes telemetry, keeps it, shows it. Several can run in one JVM, each with its own data.
 *
 * <p>Thread-safe.
 * @since 0.1
 */
public final class DashboardServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("io.tracebridge.dashboard");
    private static final int MAX_CONNECTIONS = 64;
    private static final Duration HEADER_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration CONNECTION_AGE = Duration.ofMinutes(15);
    private static final long STOP_MILLIS = 300;

    private final DashboardOptions options;
    private final Listeners listeners;
    private final Doorkeeper doorkeeper;
    private final Store store;
    private final LiveHub live;
    private final Server server;
    private final List<Routes> features;

    private DashboardServer(
            DashboardOptions options,
            Listeners listeners,
            Doorkeeper doorkeeper,
            Store store,
            LiveHub live,
            Server server,
            List<Routes> features) {
        this.options = options;
        this.listeners = listeners;
        this.doorkeeper = doorkeeper;
        this.store = store;
        this.live = live;
        this.server = server;
        this.features = features;
    }

    /**
     * Starts and returns when pages and telemetry are answered.
     * @throws DashboardStartException when port or data cannot be used; the message is for a person
     */
    public static DashboardServer start(DashboardOptions options) {
        return start(options, link -> {});
    }

    /** Also tells the next link when one was used; see {@link #link}. */
    static DashboardServer start(DashboardOptions options, Consumer<URI> nextLink) {
        return start(options, nextLink, System::getenv);
    }

    /** Also looks up settings that are no options there, and not in the environment of the process. */
    static DashboardServer start(
            DashboardOptions options, Consumer<URI> nextLink, UnaryOperator<@Nullable String> environment) {
        if (!Guard.isLoopback(options.host()) && !options.auth()) {
            throw new DashboardStartException("The address " + options.host()
                    + " can be reached by others: it needs a token. Leave out --no-auth, or listen at 127.0.0.1.");
        }
        Listeners listeners = Listeners.choose(options);
        Doorkeeper doorkeeper = options.auth()
                ? Doorkeeper.withToken(options.token(), token -> nextLink.accept(link(options, listeners, token)))
                : Doorkeeper.open();
        Thread loader = loadServerClasses();
        DuckDbStore store = openStore(options);
        join(loader);
        LiveHub live = new LiveHub();
        try {
            IngestLedger ledger = new IngestLedger();
            List<Routes> features = Features.of(new Parts(options, store, ledger, live, environment));
            Server server = server(
                    new Guard(options.host(), doorkeeper, listeners.port(), noteIn(ledger)), listeners, features);
            server.start().join();
            // before this it would share the processors with the start: a third of the CPU time over a large store
            store.begin();
            features.forEach(Routes::started);
            return new DashboardServer(options, listeners, doorkeeper, store, live, server, features);
        } catch (RuntimeException e) {
            live.close();
            store.close();
            Throwable cause = e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
            throw new DashboardStartException(
                    "Cannot listen at port " + listeners.port() + ": " + cause.getMessage(), e);
        }
    }

    /**
     * Makes a server that is thrown away, on a thread of its own: its 1,500 classes take as long to load as the library of the
     * engine, so both are loaded at once.
     */
    private static Thread loadServerClasses() {
        Thread loader = new Thread(
                () -> {
                    try {
                        builder()
                                .service("/", (context, request) -> HttpResponse.of(HttpStatus.OK))
                                .build();
                    } catch (RuntimeException | LinkageError e) {
                        // the real server fails in the same way and is heard
                        LOG.debug("loading classes", e);
                    }
                },
                "tracebridge-load");
        loader.setDaemon(true);
        loader.start();
        return loader;
    }

    /** Meters of the server go nowhere; in a registry that it shared they would be warned about as known. */
    private static ServerBuilder builder() {
        return Server.builder().meterRegistry(new CompositeMeterRegistry());
    }

    private static void join(Thread loader) {
        try {
            loader.join();
        } catch (InterruptedException e) {
            // it only means that classes are loaded by whoever needs them first
            Thread.currentThread().interrupt();
        }
    }

    private static DuckDbStore openStore(DashboardOptions options) {
        try {
            long heap = Runtime.getRuntime().maxMemory();
            long queueBytes = Math.max(4L << 20, Math.min(64L << 20, heap / 8));
            return DuckDbStore.prepare(new DuckDbOptions(options.data(), options.maxBytes(), queueBytes, newRunId()));
        } catch (StoreOpenException e) {
            throw new DashboardStartException(String.valueOf(e.getMessage()), e);
        }
    }

    private static TurnedAway noteIn(IngestLedger ledger) {
        return (protocol, reason, detail) -> ledger.rejected(
                new IngestLedger.Reject(
                        TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis()),
                        protocol,
                        "request",
                        reason,
                        detail,
                        ""),
                1);
    }

    private static Server server(Guard guard, Listeners listeners, List<Routes> features) {
        ServerBuilder builder = builder();
        listeners.bind(builder);
        builder.maxNumConnections(MAX_CONNECTIONS)
                .maxConnectionAge(CONNECTION_AGE)
                .idleTimeout(REQUEST_TIMEOUT.plusSeconds(5))
                .requestTimeout(REQUEST_TIMEOUT)
                .maxRequestLength(Guard.LARGEST_BODY)
                .http1MaxInitialLineLength(8 << 10)
                .http1MaxHeaderSize(32 << 10)
                .http2MaxHeaderListSize(32 << 10)
                .http2MaxStreamsPerConnection(128)
                .childChannelPipelineCustomizer(new HeaderDeadline(HEADER_TIMEOUT))
                .gracefulShutdownTimeout(Duration.ZERO, Duration.ofSeconds(2))
                .disableServerHeader()
                .verboseResponses(false);
        builder.service(
                "/healthz", (context, request) -> HttpResponse.of(HttpStatus.OK, MediaType.PLAIN_TEXT_UTF_8, "OK\n"));
        features.forEach(feature -> feature.bind(builder));
        builder.decorator(guard);
        return builder.build();
    }

    /** Where the pages are, without a token. */
    public URI url() {
        return URI.create("http://" + shownHost(options) + ":" + port() + "/");
    }

    /** A link that opens the pages in a browser: it has a token unless none is asked for. One made here works once. */
    public URI link() {
        return doorkeeper.isOpen() ? url() : link(options, listeners, doorkeeper.token());
    }

    /** The main port. */
    public int port() {
        return listeners.port();
    }

    /** Further ports that take telemetry. */
    public List<Integer> aliases() {
        return List.copyOf(listeners.aliases());
    }

    /** Ports that would have been listened at too, were they free. */
    List<Integer> takenAliases() {
        return List.copyOf(listeners.takenAliases());
    }

    /** Whether only programs on this machine can reach it. */
    public boolean isLocal() {
        return Guard.isLoopback(options.host());
    }

    /** What was received; for tests and for programs that run the dashboard inside. */
    public Store store() {
        return store;
    }

    /** Stops listening, writes what was accepted and closes the data. Safe twice; takes some seconds at most. */
    @Override
    public void close() {
        live.close();
        try {
            // the listeners are closed at once; what takes two seconds more is the quiet period of their threads
            server.stop().get(STOP_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.debug("threads of the server still stop");
        } catch (ExecutionException e) {
            LOG.debug("stopping", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        features.forEach(DashboardServer::closeFeature);
        store.close();
    }

    private static void closeFeature(Routes feature) {
        if (feature instanceof AutoCloseable closeable) {
            try {
                closeable.close();
            } catch (Exception e) {
                // the others and the data must still be closed
                LOG.debug("closing {}", feature.getClass(), e);
            }
        }
    }

    private static URI link(DashboardOptions options, Listeners listeners, String token) {
        return URI.create("http://" + shownHost(options) + ":" + listeners.port() + "/?t=" + token);
    }

    private static String shownHost(DashboardOptions options) {
        String host = options.host();
        // both loopback addresses are listened at, or all; any other loopback address is none that localhost leads to
        if (List.of("localhost", DashboardOptions.DEFAULT_HOST, "0.0.0.0", "::").contains(host)) {
            return "localhost";
        }
        return host.contains(":") ? "[" + host + "]" : host;
    }

    private static String newRunId() {
        return "server-"
                + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
    }
}
