/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.delivery;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/**
 * A backend on this machine that development uses without being told: whoever answers an empty OTLP request with 200
 * takes traces.
 * @since 0.1
 */
public enum LocalBackend {
    /** The dashboard: traces and errors. */
    DASHBOARD,
    /** An OpenTelemetry collector: traces only. */
    COLLECTOR,
    /** Nobody answered in time. */
    NONE;

    /** Where the dashboard listens unless told otherwise. */
    public static final int DASHBOARD_PORT = 8969;

    /** Where a collector listens for OTLP over HTTP. */
    public static final int COLLECTOR_PORT = 4318;

    private static final Duration CONNECT = Duration.ofMillis(200);
    private static final Duration ANSWER = Duration.ofSeconds(2);
    private static final byte[] LOOPBACK = {127, 0, 0, 1};
    private static final MediaType PROTOBUF = MediaType.get("application/x-protobuf");

    /**
     * Asks the ports where somebody listens, both at once, and prefers the dashboard. A port that accepts no connection
     * in 200 ms counts as closed; who accepted one has two seconds to answer, since a program that has just started is
     * slow the first time. Blocks that long, so call it off the application's threads. Never throws.
     */
    public static LocalBackend find(int dashboardPort, int collectorPort) {
        return find(CONNECT, ANSWER, dashboardPort, collectorPort);
    }

    static LocalBackend find(Duration connect, Duration answer, int dashboardPort, int collectorPort) {
        Map<LocalBackend, Integer> open = new EnumMap<>(LocalBackend.class);
        putIfOpen(open, DASHBOARD, dashboardPort, connect);
        putIfOpen(open, COLLECTOR, collectorPort, connect);
        if (open.isEmpty()) {
            return NONE;
        }
        OkHttpClient client = new OkHttpClient.Builder()
                .callTimeout(answer)
                .retryOnConnectionFailure(false)
                .build();
        Map<LocalBackend, Boolean> found = new ConcurrentHashMap<>();
        CountDownLatch asked = new CountDownLatch(open.size());
        try {
            open.forEach((backend, port) -> ask(client, port, backend, found, asked));
            boolean unused = asked.await(answer.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } finally {
            client.dispatcher().executorService().shutdown();
            client.connectionPool().evictAll();
        }
        if (found.containsKey(DASHBOARD)) {
            return DASHBOARD;
        }
        return found.containsKey(COLLECTOR) ? COLLECTOR : NONE;
    }

    private static void putIfOpen(Map<LocalBackend, Integer> open, LocalBackend backend, int port, Duration timeout) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getByAddress(LOOPBACK), port), (int) timeout.toMillis());
            open.put(backend, port);
        } catch (IOException closed) {
            // then nobody is to be asked there
        }
    }

    private static void ask(
            OkHttpClient client,
            int port,
            LocalBackend backend,
            Map<LocalBackend, Boolean> found,
            CountDownLatch asked) {
        HttpUrl url = new HttpUrl.Builder()
                .scheme("http")
                .host("127.0.0.1")
                .port(port)
                .addPathSegments("v1/traces")
                .build();
        Request request = new Request.Builder()
                .url(url)
                .post(RequestBody.create(new byte[0], PROTOBUF))
                .build();
        client.newCall(request).enqueue(new Callback() {
            @Override
            public void onResponse(Call call, Response response) {
                try (response) {
                    if (response.code() == 200) {
                        found.put(backend, true);
                    }
                } finally {
                    asked.countDown();
                }
            }

            @Override
            public void onFailure(Call call, IOException failure) {
                asked.countDown();
            }
        });
    }
}
