/* SPDX-License-Identifier: Apache-2.0 */
package com.acme;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/** A Sentry and an OTLP backend of the JDK alone, so that the versions under test are the only ones here. */
final class Backends implements AutoCloseable {
    private static final Pattern TYPE = Pattern.compile("\"type\":\"([a-z_]+)\"");
    private static final Pattern LENGTH = Pattern.compile("\"length\":(\\d+)");

    private final HttpServer server;
    private final List<Item> items = new CopyOnWriteArrayList<>();
    private final StringBuffer otlp = new StringBuffer();

    private record Item(String type, String payload) {}

    Backends() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::receive);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    String dsn() {
        return "http://key@127.0.0.1:" + server.getAddress().getPort() + "/42";
    }

    /** Payloads of one type, as they came. */
    List<String> items(String type) {
        return items.stream()
                .filter(item -> item.type().equals(type))
                .map(Item::payload)
                .toList();
    }

    /** All spans' bytes; names are readable in them. */
    String otlp() {
        return otlp.toString();
    }

    private void receive(HttpExchange exchange) throws IOException {
        try (exchange;
                InputStream body = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"))
                        ? new GZIPInputStream(exchange.getRequestBody())
                        : exchange.getRequestBody()) {
            byte[] bytes = body.readAllBytes();
            if (exchange.getRequestURI().getPath().endsWith("/v1/traces")) {
                otlp.append(new String(bytes, StandardCharsets.ISO_8859_1));
            } else if (exchange.getRequestURI().getPath().endsWith("/envelope/")) {
                envelope(bytes);
            }
            exchange.sendResponseHeaders(200, -1);
        }
    }

    private void envelope(byte[] bytes) {
        int position = lineEnd(bytes, 0) + 1;
        while (position < bytes.length) {
            int payload = lineEnd(bytes, position) + 1;
            String header = new String(bytes, position, payload - position, StandardCharsets.UTF_8);
            int length = Integer.parseInt(find(LENGTH, header));
            items.add(new Item(
                    find(TYPE, header),
                    new String(Arrays.copyOfRange(bytes, payload, payload + length), StandardCharsets.UTF_8)));
            position = payload + length + 1;
        }
    }

    private static int lineEnd(byte[] bytes, int from) {
        int end = from;
        while (end < bytes.length && bytes[end] != '\n') {
            end++;
        }
        return end;
    }

    private static String find(Pattern pattern, String header) {
        Matcher matcher = pattern.matcher(header);
        if (!matcher.find()) {
            throw new IllegalStateException(header);
        }
        return matcher.group(1);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
