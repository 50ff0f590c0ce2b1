/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.delivery;

import java.io.IOException;
import java.time.Duration;
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

    private static final MediaType PROTOBUF = MediaType.get("application/x-protobuf");

    /**
     * Asks both ports at once and prefers the dashboard. Blocks at most the given time, so call it off the
     * application's threads. Never throws.
     */
    public static LocalBackend find(Duration timeout) {
        return find(timeout, DASHBOARD_PORT, COLLECTOR_PORT);
    }

    static LocalBackend find(Duration timeout, int dashboardPort, int collectorPort) {
        OkHttpClient client = new OkHttpClient.Builder()
                .callTimeout(timeout)
                .retryOnConnectionFailure(false)
                .build();
        Map<LocalBackend, Boolean> found = new ConcurrentHashMap<>();
        CountDownLatch asked = new CountDownLatch(2);
        try {
            ask(client, dashboardPort, DASHBOARD, found, asked);
            ask(client, collectorPort, COLLECTOR, found, asked);
            asked.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
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
