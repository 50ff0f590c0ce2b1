/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ingest;

import com.linecorp.armeria.common.QueryParams;
import com.linecorp.armeria.common.RequestHeaders;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who may send, when the operator asks for a key: Sentry's public key in any of its three places, or OTLP's
 * {@code x-otlp-api-key} or bearer token. Without configured keys everybody on this machine may.
 */
final class IngestKeys {
    private final Set<String> keys;

    IngestKeys(Set<String> keys) {
        this.keys = Set.copyOf(keys);
    }

    boolean areAsked() {
        return !keys.isEmpty();
    }

    /**
     * Checks the key of a Sentry request.
     * @param dsn of the envelope header, or null
     */
    void checkSentry(RequestHeaders headers, QueryParams query, @Nullable String dsn) throws RejectedException {
        if (!areAsked()) {
            return;
        }
        Set<String> given = new LinkedHashSet<>();
        addIfPresent(given, authField(headers.get("x-sentry-auth")));
        addIfPresent(given, query.get("sentry_key"));
        addIfPresent(given, publicKey(dsn));
        if (given.isEmpty()) {
            throw new RejectedException(RejectReason.WRONG_KEY, "no sentry_key in header, query or dsn");
        }
        if (given.size() > 1) {
            throw new RejectedException(RejectReason.WRONG_KEY, "the keys of header, query and dsn differ");
        }
        checkOne(given.iterator().next());
    }

    void checkOtlp(RequestHeaders headers) throws RejectedException {
        if (!areAsked()) {
            return;
        }
        String key = headers.get("x-otlp-api-key");
        String authorization = headers.get("authorization");
        if (key == null && authorization != null && authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
            key = authorization.substring(7).strip();
        }
        String sentry = authField(headers.get("x-sentry-auth"));
        String given = key != null ? key : sentry;
        if (given == null) {
            throw new RejectedException(RejectReason.WRONG_KEY, "no x-otlp-api-key and no bearer token");
        }
        checkOne(given);
    }

    private void checkOne(String given) throws RejectedException {
        boolean known = false;
        for (String key : keys) { // all of them, each in constant time
            known |=
                    MessageDigest.isEqual(key.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
        }
        if (!known) {
            throw new RejectedException(RejectReason.WRONG_KEY, "unknown key");
        }
    }

    private static void addIfPresent(Set<String> into, @Nullable String key) {
        if (key != null && !key.isEmpty()) {
            into.add(key);
        }
    }

    private static @Nullable String authField(@Nullable String header) {
        if (header == null || !header.regionMatches(true, 0, "Sentry", 0, 6)) {
            return null;
        }
        for (String field : header.substring(6).split(",", -1)) {
            String[] pair = field.strip().split("=", 2);
            if (pair.length == 2 && pair[0].equals("sentry_key")) {
                return pair[1].strip();
            }
        }
        return null;
    }

    private static @Nullable String publicKey(@Nullable String dsn) {
        if (dsn == null) {
            return null;
        }
        try {
            String user = new URI(dsn).getUserInfo();
            return user == null ? null : user.split(":", 2)[0];
        } catch (URISyntaxException notOne) {
            return null;
        }
    }
}
