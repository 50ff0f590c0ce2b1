/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.benchmarks;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/** A server on this machine that takes everything and counts it. */
final class Sink implements AutoCloseable {
    final AtomicLong requests = new AtomicLong();
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "sink");
        thread.setDaemon(true);
        return thread;
    });

    private volatile CountDownLatch held = new CountDownLatch(0);

    Sink() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            requests.incrementAndGet();
            awaitRelease();
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.setExecutor(threads);
        server.start();
    }

    /** From now on answers wait, so that sending takes no processor from what is measured. */
    void hold() {
        held = new CountDownLatch(1);
    }

    /** Gives the answers that wait, and from now on each at once. */
    void release() {
        held.countDown();
    }

    private void awaitRelease() {
        try {
            held.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    String envelopeUrl() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/api/1/envelope/";
    }

    String dsn() {
        return "http://key@127.0.0.1:" + server.getAddress().getPort() + "/1";
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
