/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.delivery;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.net.ProxySelector;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.jspecify.annotations.Nullable;

/**
 * Sends a payload as one POST over kept-alive connections, gzipped unless told otherwise. A redirect is
 * not followed where it would turn the POST into a GET that loses the body. Its own requests are never traced.
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
    private final @Nullable ContentCoding coding;
    private final Supplier<Map<String, List<String>>> headers;
    private final ToLongFunction<byte[]> rejected;

    private HttpTransmission(Builder builder) {
        url = builder.url;
        contentType = builder.contentType;
        coding = builder.coding;
        headers = builder.headers;
        rejected = builder.rejected;
        client = builder.client.build();
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
        Builder builder = to(url, "application/x-sentry-envelope").headers(() -> {
            Map<String, List<String>> all = new LinkedHashMap<>();
            headers.get().forEach((name, value) -> all.put(name, List.of(value)));
            all.put("Accept", List.of("application/json"));
            return all;
        });
        builder.client.readTimeout(answerTimeout);
        return builder.build();
    }

    /** For anything else that is posted. */
    public static Builder to(String url, String contentType) {
        return new Builder(url, contentType);
    }

    @Override
    public Answer send(Payload payload, int attempt) throws IOException {
        byte[] body = coding == null ? payload.body() : coding.encode(payload.body());
        Request.Builder request = new Request.Builder().url(url).post(RequestBody.create(body, contentType));
        headers.get().forEach((name, values) -> {
            request.removeHeader(name);
            values.forEach(value -> request.addHeader(name, value));
        });
        if (coding != null) {
            request.header("Content-Encoding", coding.name());
        }
        Request built = request.build();
        return Untraced.call(() -> {
            try (Response response = client.newCall(built).execute()) {
                byte[] said = read(response);
                return new Answer(
                        response.code(),
                        response.header("Retry-After"),
                        response.header("X-Sentry-Rate-Limits"),
                        response.isSuccessful() ? rejected.applyAsLong(said) : 0);
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

    /** Reads the answer to its end, or to a bound, so that the connection can be used again. */
    private static byte[] read(Response response) {
        ResponseBody body = response.body();
        if (body == null) { // OkHttp 4 has it nullable
            return new byte[0];
        }
        try {
            body.source().request(ANSWER_BYTES);
            return body.source().getBuffer().readByteArray();
        } catch (IOException e) {
            return new byte[0]; // cut after the status: the payload has arrived
        }
    }

    /** How to send; nothing is opened before the first attempt. */
    public static final class Builder {
        private final OkHttpClient.Builder client = new OkHttpClient.Builder()
                .connectTimeout(CONNECT_TIMEOUT)
                .readTimeout(ANSWER_TIMEOUT)
                .writeTimeout(ANSWER_TIMEOUT)
                .callTimeout(CALL_TIMEOUT)
                .followRedirects(false);
        private final String url;
        private final MediaType contentType;
        private @Nullable ContentCoding coding = ContentCoding.GZIP;
        private Supplier<Map<String, List<String>>> headers = Map::of;
        private ToLongFunction<byte[]> rejected = answer -> 0;

        private Builder(String url, String contentType) {
            this.url = requireNonNull(url, "url");
            this.contentType = MediaType.get(contentType);
        }

        /** Asked at each attempt; values may be secrets and are never printed. */
        public Builder headers(Supplier<Map<String, List<String>>> each) {
            headers = requireNonNull(each, "each");
            return this;
        }

        /** Null for none. */
        public Builder coding(@Nullable ContentCoding other) {
            coding = other;
            return this;
        }

        /** Reads from the answer to a success how many parts of the payload were refused. Never throws. */
        public Builder rejected(ToLongFunction<byte[]> reader) {
            rejected = requireNonNull(reader, "reader");
            return this;
        }

        /** To connect, and for an attempt as a whole; five and thirty seconds by default, zero for no bound. */
        public Builder timeouts(Duration connect, Duration attempt) {
            client.connectTimeout(bounded(connect))
                    .readTimeout(bounded(attempt))
                    .writeTimeout(bounded(attempt))
                    .callTimeout(bounded(attempt));
            return this;
        }

        /** In place of the process's proxies. */
        public Builder proxies(ProxySelector selector) {
            client.proxySelector(selector);
            return this;
        }

        /**
         * In place of the process's certificates and keys.
         * @param trusted null for the process's own
         */
        public Builder tls(SSLContext context, @Nullable X509TrustManager trusted) {
            client.sslSocketFactory(context.getSocketFactory(), trusted == null ? trustedByDefault() : trusted);
            return this;
        }

        /** Follows 307 and 308, which keep method and body. */
        public Builder followsRedirects() {
            client.followRedirects(true).addNetworkInterceptor(chain -> {
                Response response = chain.proceed(chain.request());
                return response.code() < 307
                        ? response.newBuilder().removeHeader("Location").build()
                        : response;
            });
            return this;
        }

        /** The finished transmission. */
        public HttpTransmission build() {
            return new HttpTransmission(this);
        }

        private static X509TrustManager trustedByDefault() {
            try {
                TrustManagerFactory factory =
                        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
                factory.init((KeyStore) null);
                return (X509TrustManager) factory.getTrustManagers()[0];
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("every Java platform trusts somebody", e);
            }
        }

        // OkHttp counts in an int
        private static Duration bounded(Duration timeout) {
            Duration longest = Duration.ofMillis(Integer.MAX_VALUE);
            return timeout.compareTo(longest) > 0 ? longest : timeout;
        }
    }
}
