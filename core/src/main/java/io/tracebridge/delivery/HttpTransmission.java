/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.delivery;

import static java.util.Objects.requireNonNull;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import java.util.zip.GZIPOutputStream;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.ResponseBody;

/**
 * Sends a payload as one gzipped POST over kept-alive connections. Redirects are not followed: a 301 would turn the
 * POST into a GET that loses the body. Its own requests are never traced.
 * @since 0.1
 */
public final class HttpTransmission implements Transmission {
    private static final int ANSWER_BYTES = 64 * 1024;
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(30);

    private final OkHttpClient client;
    private final String url;
    private final MediaType contentType;
    private final Supplier<Map<String, String>> headers;

    private HttpTransmission(
            String url, String contentType, Supplier<Map<String, String>> headers, Duration answerTimeout) {
        this.url = requireNonNull(url, "url");
        this.contentType = MediaType.get(contentType);
        this.headers = requireNonNull(headers, "headers");
        this.client = new OkHttpClient.Builder()
                .connectTimeout(CONNECT_TIMEOUT)
                .readTimeout(answerTimeout)
                .writeTimeout(ANSWER_TIMEOUT)
                .callTimeout(CALL_TIMEOUT)
                .followRedirects(false)
                .build();
    }

    /**
     * For Sentry envelopes.
     * @param url of the envelope endpoint
     * @param headers asked at each attempt; values may be secrets and are never printed
     */
    public static HttpTransmission ofEnvelopes(String url, Supplier<Map<String, String>> headers) {
        return ofEnvelopes(url, headers, ANSWER_TIMEOUT);
    }

    static HttpTransmission ofEnvelopes(String url, Supplier<Map<String, String>> headers, Duration answerTimeout) {
        return new HttpTransmission(url, "application/x-sentry-envelope", headers, answerTimeout);
    }

    @Override
    public Answer send(Payload payload, int attempt) throws IOException {
        Request.Builder request =
                new Request.Builder().url(url).post(RequestBody.create(gzip(payload.body()), contentType));
        headers.get().forEach(request::header);
        request.header("Content-Encoding", "gzip");
        request.header("Accept", "application/json");
        Request built = request.build();
        return Untraced.call(() -> {
            try (Response response = client.newCall(built).execute()) {
                drain(response);
                return new Answer(
                        response.code(), response.header("Retry-After"), response.header("X-Sentry-Rate-Limits"));
            }
        });
    }

    /** Ends requests under way; their payloads stay where they are. */
    @Override
    public void close() {
        client.dispatcher().cancelAll();
        client.connectionPool().evictAll();
    }

    @Override
    public String toString() {
        return "HttpTransmission";
    }

    /** Reads the answer to its end so that the connection can be used again. The status has said all that matters. */
    private static void drain(Response response) {
        ResponseBody body = response.body();
        if (body == null) { // OkHttp 4 has it nullable
            return;
        }
        try {
            body.source().request(ANSWER_BYTES);
            body.source().getBuffer().clear();
        } catch (IOException e) {
            // cut after the status: the payload has arrived
        }
    }

    private static byte[] gzip(byte[] body) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(Math.max(512, body.length / 4));
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(body);
        }
        return bytes.toByteArray();
    }
}
