/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.delivery;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPInputStream;

/**
 * A destination over real sockets whose behaviour can change between two requests. Bodies start with the payload's id
 * and a line break; an id counts as received when the request was read to its end and the answer says 2xx, or when a
 * reply says that the server had it.
 */
final class FakeIngest implements AutoCloseable {
    /** What the server does with a whole request. */
    interface Reply {
        void to(Request request, Socket socket) throws IOException, InterruptedException;
    }

    record Request(String path, Map<String, String> headers, byte[] body) {
        String id() {
            String text = new String(body, StandardCharsets.UTF_8);
            return text.substring(0, Math.max(text.indexOf('\n'), 0));
        }
    }

    private final ServerSocket server;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Map<String, AtomicInteger> received = new ConcurrentHashMap<>();
    final AtomicInteger requests = new AtomicInteger();
    final AtomicInteger connections = new AtomicInteger();
    private volatile Reply reply = taken();

    FakeIngest() throws IOException {
        this(0);
    }

    FakeIngest(int port) throws IOException {
        server = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(this::accept, "fake-ingest");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return server.getLocalPort();
    }

    String url() {
        return "http://127.0.0.1:" + port() + "/api/1/envelope/";
    }

    FakeIngest answers(Reply reply) {
        this.reply = reply;
        return this;
    }

    /** The payload is taken. */
    Reply taken() {
        return status(200);
    }

    Reply status(int status, String... headers) {
        return (request, socket) -> {
            if (status / 100 == 2) {
                received(request.id());
            }
            answer(socket, status, headers);
        };
    }

    Reply after(long millis, Reply then) {
        return (request, socket) -> {
            Thread.sleep(millis); // the server is what is slow, not the test
            then.to(request, socket);
        };
    }

    void received(String id) {
        received.computeIfAbsent(id, key -> new AtomicInteger()).incrementAndGet();
    }

    static void answer(Socket socket, int status, String... headers) throws IOException {
        StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " X\r\nContent-Length: 2\r\n");
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        socket.getOutputStream().write((head + "\r\n{}").getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
    }

    Set<String> ids() {
        return Set.copyOf(received.keySet());
    }

    int times(String id) {
        AtomicInteger times = received.get(id);
        return times == null ? 0 : times.get();
    }

    long duplicates() {
        return received.values().stream().filter(times -> times.get() > 1).count();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                connections.incrementAndGet();
                sockets.add(socket);
                Thread thread = new Thread(() -> serve(socket), "fake-ingest-connection");
                thread.setDaemon(true);
                thread.start();
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = socket.getInputStream();
            while (true) {
                Request request = read(in, socket.getOutputStream());
                if (request == null) {
                    return;
                }
                requests.incrementAndGet();
                reply.to(request, socket);
            }
        } catch (SocketException e) {
            // the client went away, or close()
        } catch (IOException | InterruptedException e) {
            // a request cut short: not received
        } finally {
            sockets.remove(socket);
        }
    }

    private static Request read(InputStream in, OutputStream out) throws IOException {
        String start = line(in);
        if (start.isEmpty()) {
            return null;
        }
        Map<String, String> headers = new HashMap<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            if (colon < 0) {
                throw new IOException("not HTTP");
            }
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        byte[] body = in.readNBytes(length);
        if (body.length < length) {
            throw new IOException("cut short");
        }
        if ("gzip".equals(headers.get("content-encoding"))) {
            body = new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes();
        }
        return new Request(start.split(" ")[1], headers, body);
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
