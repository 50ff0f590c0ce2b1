/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** HTTP/1.1 by hand over a socket: real clients refuse to send what an attacker sends. */
final class RawHttp {
    private RawHttp() {}

    record Answer(int status, String head, String body) {
        /** The value of a header, or null. */
        String header(String name) {
            return head.lines()
                    .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT) + ":"))
                    .map(line -> line.substring(name.length() + 1).trim())
                    .findFirst()
                    .orElse(null);
        }
    }

    static Answer send(int port, String method, String target, List<String> headers, String body) throws IOException {
        return send("127.0.0.1", port, method, target, headers, body);
    }

    static Answer send(String address, int port, String method, String target, List<String> headers, String body)
            throws IOException {
        try (Socket socket = new Socket(address, port)) {
            socket.setSoTimeout(10_000);
            StringBuilder request = new StringBuilder(method + " " + target + " HTTP/1.1\r\n");
            if (headers.stream().noneMatch(line -> line.startsWith("Host:"))) {
                request.append("Host: localhost:").append(port).append("\r\n");
            }
            headers.forEach(line -> request.append(line).append("\r\n"));
            if (!body.isEmpty()) {
                request.append("Content-Length: ")
                        .append(body.getBytes(StandardCharsets.UTF_8).length)
                        .append("\r\n");
            }
            request.append("Connection: close\r\n\r\n").append(body);
            socket.getOutputStream().write(request.toString().getBytes(StandardCharsets.UTF_8));
            return read(socket.getInputStream(), method.equals("HEAD"));
        }
    }

    /** Reads the announced length only: the server takes its time to close a connection. */
    private static Answer read(InputStream in, boolean bodiless) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        while (!bytes.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("no answer: " + bytes);
            }
            bytes.write(next);
        }
        String head = bytes.toString(StandardCharsets.UTF_8).trim();
        Answer answer = new Answer(Integer.parseInt(head.substring(9, 12)), head, "");
        String length = answer.header("Content-Length");
        boolean hasBody = !bodiless && length != null && answer.status() != 204 && answer.status() != 304;
        String body = hasBody ? new String(in.readNBytes(Integer.parseInt(length)), StandardCharsets.UTF_8) : "";
        return new Answer(answer.status(), head, body);
    }
}
