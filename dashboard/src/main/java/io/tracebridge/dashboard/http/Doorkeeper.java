/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.http;

import com.linecorp.armeria.common.Cookie;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.RequestHeaders;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Who may see the pages and ask the API. A token from the terminal is exchanged for a cookie; a token we made works once, and
 * the next one is announced when it was used. A token the user chose works until the server stops, also as
 * {@code Authorization: Bearer}.
 *
 * <p>Thread-safe.
 * @since 0.1
 */
public final class Doorkeeper {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final boolean open;
    private final boolean oneTime;
    private final String session = random();
    private final Consumer<String> announce;
    private String token;

    private Doorkeeper(boolean open, @Nullable String chosen, Consumer<String> announce) {
        this.open = open;
        this.oneTime = chosen == null;
        this.token = chosen == null ? random() : chosen;
        this.announce = announce;
    }

    /** Lets everybody in: for loopback only. */
    public static Doorkeeper open() {
        return new Doorkeeper(true, null, token -> {});
    }

    /**
     * Asks for a token.
     * @param chosen the user's own, or null for one made here that works once
     * @param announce called with the next token after one was used
     */
    public static Doorkeeper withToken(@Nullable String chosen, Consumer<String> announce) {
        return new Doorkeeper(false, chosen, announce);
    }

    public boolean isOpen() {
        return open;
    }

    /** The token that works now. */
    public synchronized String token() {
        return token;
    }

    boolean admits(RequestHeaders headers, int port) {
        return open || hasCookie(headers, port) || hasBearer(headers);
    }

    /** The value of a {@code Set-Cookie} for a right token, or null. */
    @Nullable
    String exchange(String offered, int port) {
        String next;
        synchronized (this) {
            if (open || !same(offered, token)) {
                return null;
            }
            if (oneTime) {
                token = random();
            }
            next = token;
        }
        if (oneTime) {
            announce.accept(next);
        }
        return Cookie.secureBuilder(cookieName(port), session)
                .secure(false)
                .httpOnly(true)
                .sameSite("Strict")
                .path("/")
                .hostOnly(true)
                .build()
                .toSetCookieHeader();
    }

    boolean hasCookie(RequestHeaders headers, int port) {
        for (Cookie cookie : headers.cookies()) {
            if (cookie.name().equals(cookieName(port)) && same(cookie.value(), session)) {
                return true;
            }
        }
        return false;
    }

    private boolean hasBearer(RequestHeaders headers) {
        String authorization = headers.get(HttpHeaderNames.AUTHORIZATION, "");
        // a one-time token in a header would be used up by the first of many requests
        return !oneTime && authorization.startsWith("Bearer ") && same(authorization.substring(7), token());
    }

    /** Browsers share cookies between ports of a host: the name keeps two dashboards apart. */
    private static String cookieName(int port) {
        return "tracebridge_" + port;
    }

    private static boolean same(String offered, String expected) {
        return MessageDigest.isEqual(
                offered.getBytes(StandardCharsets.UTF_8), expected.getBytes(StandardCharsets.UTF_8));
    }

    /** 160 bits in letters that survive a URL and a cookie. */
    private static String random() {
        byte[] bytes = new byte[20];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
