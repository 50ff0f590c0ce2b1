/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.http;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which {@code Host} names this server answers to. A page of another site can make a browser ask us under a name of its own
 * (DNS rebinding); it cannot make the browser send another {@code Host}.
 *
 * <p>Thread-safe.
 */
final class HostGuard {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final Pattern AUTHORITY = Pattern.compile("(\\[[0-9a-fA-F:.]+]|[^:@/\\s]+)(?::(\\d{1,5}))?");
    private static final Pattern ADDRESS = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|\\[[0-9a-f:.]+]");

    private final String host;
    private final boolean exposed;

    /** @param host what the server is bound to; when it is not loopback, addresses are answered to as well, names are not */
    HostGuard(String host) {
        this.host = host.toLowerCase(Locale.ROOT);
        this.exposed = !isLoopback(host);
    }

    static boolean isLoopback(String host) {
        return LOOPBACK.contains(host) || host.equals("::1") || host.startsWith("127.");
    }

    boolean accepts(@Nullable String authority) {
        String name = name(authority);
        if (name == null) {
            return false;
        }
        return LOOPBACK.contains(name)
                || name.equals(host)
                || (exposed && ADDRESS.matcher(name).matches());
    }

    /** Whether an {@code Origin} is a page on this machine. */
    static boolean isLoopbackOrigin(String origin) {
        String rest = origin.startsWith("http://")
                ? origin.substring(7)
                : origin.startsWith("https://") ? origin.substring(8) : "";
        String name = name(rest);
        return name != null && LOOPBACK.contains(name);
    }

    private static @Nullable String name(@Nullable String authority) {
        if (authority == null) {
            return null;
        }
        var matcher = AUTHORITY.matcher(authority);
        return matcher.matches() ? matcher.group(1).toLowerCase(Locale.ROOT) : null;
    }
}
