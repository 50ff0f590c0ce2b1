/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.http;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpResponseWriter;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Server-sent events for at most {@value #MAX_CLIENTS} pages. Each page gets at most one message every
 * {@value #TICK_MILLIS} ms, a comment every 15 s, and nothing from before it came. A page that reads too slowly skips
 * ticks, so what it misses is put together by its {@link LiveFeed}; after 30 s without reading it is let go.
 *
 * <p>Thread-safe.
 * @since 0.1
 */
public final class LiveHub implements AutoCloseable {
    public static final int MAX_CLIENTS = 16;
    static final long TICK_MILLIS = 200;
    private static final Logger LOG = LoggerFactory.getLogger("io.tracebridge.dashboard");

    private final Set<Client> clients = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService clock;
    private final Duration heartbeat;
    private final Duration patience;
    private volatile boolean closed;

    public LiveHub() {
        this(Duration.ofSeconds(15), Duration.ofSeconds(30));
    }

    LiveHub(Duration heartbeat, Duration patience) {
        this.heartbeat = heartbeat;
        this.patience = patience;
        this.clock = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "tracebridge-live");
            thread.setDaemon(true);
            return thread;
        });
        var unused = clock.scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /**
     * Answers a request with a stream that lasts until the page goes.
     * @param hello the first message
     * @param feed closed when the page goes; at once when there are too many, which is answered 503
     */
    public HttpResponse open(ServiceRequestContext context, LiveMessage hello, LiveFeed feed) {
        HttpResponseWriter response = HttpResponse.streaming();
        Client client = new Client(response, feed);
        synchronized (clients) {
            if (closed || clients.size() >= MAX_CLIENTS) {
                feed.close();
                return HttpResponse.of(ResponseHeaders.builder(HttpStatus.SERVICE_UNAVAILABLE)
                        .add(HttpHeaderNames.RETRY_AFTER, "10")
                        .build());
            }
            clients.add(client);
        }
        context.clearRequestTimeout();
        var unused = response.whenComplete().handle((nothing, cause) -> {
            remove(client);
            return null;
        });
        response.write(ResponseHeaders.builder(HttpStatus.OK)
                .contentType(MediaType.EVENT_STREAM)
                .add(HttpHeaderNames.CACHE_CONTROL, "no-store")
                .build());
        client.send(hello);
        return response;
    }

    /** Tells every page to ask for everything again: data were cleared or changes missed. */
    public void resync() {
        clients.forEach(client -> client.resync = true);
    }

    public int clients() {
        return clients.size();
    }

    private void tick() {
        for (Client client : clients) {
            try {
                client.tick();
            } catch (RuntimeException e) {
                LOG.debug("a live page failed", e);
                client.response.close(e);
            }
        }
    }

    private void remove(Client client) {
        if (clients.remove(client)) {
            client.feed.close();
        }
    }

    /** Ends every stream. Safe twice. */
    @Override
    public void close() {
        synchronized (clients) {
            closed = true;
        }
        clock.shutdownNow();
        clients.forEach(client -> client.response.close());
    }

    private final class Client {
        private final HttpResponseWriter response;
        private final LiveFeed feed;
        private volatile boolean resync;
        private volatile boolean busy;
        private volatile long lastNanos = System.nanoTime();
        private long sequence;

        Client(HttpResponseWriter response, LiveFeed feed) {
            this.response = response;
            this.feed = feed;
        }

        void tick() {
            long silence = System.nanoTime() - lastNanos;
            if (busy) {
                if (silence > patience.toNanos()) {
                    response.close();
                }
                return;
            }
            if (resync) {
                resync = false;
                send(LiveMessage.RESYNC);
                return;
            }
            LiveMessage message = feed.next();
            if (message != null) {
                send(message.json().length() > LiveMessage.MAX_CHARS ? LiveMessage.RESYNC : message);
            } else if (silence > heartbeat.toNanos()) {
                write(": \n\n");
            }
        }

        synchronized void send(LiveMessage message) {
            write("id: " + ++sequence + "\nevent: " + message.event() + "\ndata: " + message.json() + "\n\n");
        }

        private void write(String text) {
            busy = true;
            lastNanos = System.nanoTime();
            if (!response.tryWrite(HttpData.ofUtf8(text))) {
                return;
            }
            var unused = response.whenConsumed().thenRun(() -> busy = false);
        }
    }
}
