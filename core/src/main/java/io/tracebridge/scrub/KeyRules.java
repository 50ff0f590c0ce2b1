/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.scrub;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which keys name a secret. A key is cut into segments at punctuation and at camelCase humps, and compared segment by
 * segment: {@code access_token} and {@code accessToken} are secrets, {@code max_tokens}, {@code author} and
 * {@code tokenizer} are not. A segment that only describes the secret after it ({@code token.type},
 * {@code password.length}) keeps the value.
 */
final class KeyRules {
    private static final List<String> SECRETS = List.of(
            "password",
            "passwd",
            "pwd",
            "passphrase",
            "secret",
            "api_key",
            "apikey",
            "access_key",
            "accesskey",
            "private_key",
            "privatekey",
            "client_secret",
            "authorization",
            "auth",
            "cookie",
            "session",
            "sessionid",
            "session_id",
            "jsessionid",
            "sid",
            "csrf",
            "xsrf",
            "csrftoken",
            "xsrftoken",
            "jwt",
            "bearer",
            "credential",
            "credentials",
            "ssn",
            "card_number",
            "cardnumber",
            "cvv",
            "cvc",
            "pin",
            "otp",
            "dsn",
            "token",
            "authtoken",
            "accesstoken",
            "refreshtoken",
            "idtoken");
    private static final Set<String> DESCRIBING = Set.of(
            "type",
            "count",
            "length",
            "size",
            "limit",
            "usage",
            "enabled",
            "present",
            "expires",
            "expiry",
            "ttl",
            "policy",
            "status",
            "version",
            "duration",
            "ms",
            "method",
            "provider",
            "scheme");

    /** Decisions are remembered for this many keys; keys are few, and beyond it they are decided anew each time. */
    private static final int REMEMBERED = 4_096;

    private static final int MAX_KEY = 256;

    private final List<List<String>> secrets;
    private final Set<String> allowed;
    private final Map<String, Boolean> decided = new ConcurrentHashMap<>();

    KeyRules(Collection<String> more, Collection<String> allowed) {
        List<List<String>> all = new ArrayList<>();
        SECRETS.forEach(key -> all.add(segments(key)));
        more.forEach(key -> all.add(segments(key)));
        this.secrets = List.copyOf(all);
        this.allowed = Set.copyOf(
                allowed.stream().map(key -> key.toLowerCase(Locale.ROOT)).toList());
    }

    boolean isSecret(String key) {
        Boolean known = decided.get(key);
        if (known != null) {
            return known;
        }
        boolean secret = decide(key);
        if (key.length() <= MAX_KEY && decided.size() < REMEMBERED) {
            decided.put(key, secret);
        }
        return secret;
    }

    private boolean decide(String key) {
        if (allowed.contains(key.toLowerCase(Locale.ROOT))) {
            return false;
        }
        List<String> segments = segments(key.length() <= MAX_KEY ? key : key.substring(key.length() - MAX_KEY));
        return secrets.stream().anyMatch(secret -> names(segments, secret));
    }

    private static boolean names(List<String> segments, List<String> secret) {
        for (int start = 0; start + secret.size() <= segments.size(); start++) {
            int end = start + secret.size();
            boolean described = end < segments.size() && DESCRIBING.contains(segments.get(end));
            if (!described && segments.subList(start, end).equals(secret)) {
                return true;
            }
        }
        return false;
    }

    /** {@code "X-APIKey.userPin"} gives {@code x, api, key, user, pin}. */
    static List<String> segments(String key) {
        List<String> segments = new ArrayList<>(4);
        int start = 0;
        for (int i = 0; i <= key.length(); i++) {
            boolean end = i == key.length() || !Character.isLetterOrDigit(key.charAt(i));
            if (end || (i > start && isHump(key, i))) {
                if (i > start) {
                    segments.add(key.substring(start, i).toLowerCase(Locale.ROOT));
                }
                start = end ? i + 1 : i;
            }
        }
        return segments;
    }

    private static boolean isHump(String key, int i) {
        if (!Character.isUpperCase(key.charAt(i))) {
            return false;
        }
        boolean afterLower = !Character.isUpperCase(key.charAt(i - 1));
        boolean beforeLower = i + 1 < key.length() && Character.isLowerCase(key.charAt(i + 1));
        return afterLower || beforeLower;
    }
}
