/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.settings;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What each kind of setting accepts. Every refusal is an {@link IllegalArgumentException} that says what was given and
 * what is allowed, without the setting's name, and never repeats a secret.
 */
final class SettingChecks {
    private static final long MAX_MILLIS = Duration.ofDays(1).toMillis();

    private SettingChecks() {}

    static boolean flag(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "1", "on", "yes" -> true;
            case "false", "0", "off", "no" -> false;
            default -> throw refused(text, "true or false");
        };
    }

    static double rate(String text) {
        try {
            double rate = Double.parseDouble(text);
            if (rate >= 0 && rate <= 1) {
                return rate;
            }
        } catch (NumberFormatException notANumber) {
            // refused below, like a number out of range
        }
        throw refused(text, "a number from 0 to 1");
    }

    static Duration millis(String text) {
        try {
            long millis = Long.parseLong(text);
            if (millis >= 0 && millis <= MAX_MILLIS) {
                return Duration.ofMillis(millis);
            }
        } catch (NumberFormatException notANumber) {
            // refused below, like a number out of range
        }
        throw refused(text, "milliseconds from 0 to " + MAX_MILLIS);
    }

    static String endpoint(String text) {
        String expected = "an http or https URL without query, for example http://localhost:4318";
        URI uri = uri(text, expected);
        if (!isHttp(uri) || uri.getHost() == null || uri.getQuery() != null || uri.getFragment() != null) {
            throw refused(withoutUserInfo(text), expected);
        }
        if (uri.getUserInfo() != null) {
            throw new IllegalArgumentException("has a user name in the URL; put credentials into OTLP_HEADERS");
        }
        return text;
    }

    /** {@code k=v,k2=v2}: the first {@code =} splits, both are percent-decoded; a plus sign stays one. */
    static Map<String, String> headers(String text) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (String pair : text.split(",")) {
            if (pair.isBlank()) {
                continue;
            }
            int split = pair.indexOf('=');
            if (split <= 0) {
                throw new IllegalArgumentException("has an entry without '='; expected k=v,k2=v2");
            }
            String key = decode(pair.substring(0, split).strip());
            String value = decode(pair.substring(split + 1).strip());
            if (!key.chars().allMatch(SettingChecks::isTokenChar)) {
                throw new IllegalArgumentException("has a name that no header can have");
            }
            if (!value.chars().allMatch(c -> c == '\t' || (c >= ' ' && c < 0x7f))) {
                throw new IllegalArgumentException("has a line break or another control character in " + key);
            }
            headers.put(key, value);
        }
        return headers;
    }

    static String template(String text) {
        String expected = "an http or https URL with {traceId} and, if wanted, {spanId}";
        URI uri = uri(text.replace("{traceId}", "0").replace("{spanId}", "0"), expected);
        if (!isHttp(uri) || !text.contains("{traceId}")) {
            throw refused(withoutUserInfo(text), expected);
        }
        return text;
    }

    /** {@code https://key@host[:port][/prefix]/project}; the refusal never repeats the key. */
    static String dsn(String text) {
        String expected = "is no DSN; expected https://<key>@<host>/<project>";
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException malformed) {
            throw new IllegalArgumentException(expected, null);
        }
        String path = uri.getPath() == null ? "" : uri.getPath().replaceAll("/+$", "");
        boolean project = path.length() > path.lastIndexOf('/') + 1;
        boolean key = uri.getUserInfo() != null && !uri.getUserInfo().startsWith(":");
        if (!isHttp(uri) || uri.getHost() == null || !key || !project) {
            throw new IllegalArgumentException(expected);
        }
        return text;
    }

    static Path folder(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException malformed) {
            throw refused(text, "a folder's path");
        }
    }

    static Set<String> names(String text) {
        Set<String> names = new LinkedHashSet<>();
        for (String name : text.split(",")) {
            if (!name.isBlank()) {
                names.add(name.strip());
            }
        }
        return names;
    }

    private static URI uri(String text, String expected) {
        try {
            return new URI(text);
        } catch (URISyntaxException malformed) {
            throw refused(withoutUserInfo(text), expected);
        }
    }

    private static boolean isHttp(URI uri) {
        return "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
    }

    private static String withoutUserInfo(String text) {
        return text.replaceFirst("//[^/@]*@", "//");
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            throw new IllegalArgumentException("has a percent sign that is not followed by two hex digits", null);
        }
    }

    private static boolean isTokenChar(int c) {
        return (Character.isLetterOrDigit(c) && c < 0x7f) || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
    }

    private static IllegalArgumentException refused(String text, String expected) {
        String shown = text.length() <= 80 ? text : text.substring(0, 80) + "…";
        return new IllegalArgumentException("\"" + shown + "\" is not " + expected);
    }
}
