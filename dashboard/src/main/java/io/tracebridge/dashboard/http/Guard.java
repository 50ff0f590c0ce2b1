/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.http;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.QueryParams;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.DecoratingHttpServiceFunction;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Stands before every service: who is asked ({@code Host}), who asks ({@code Origin}, token), how large and how slow it may
 * be, and what every answer says to the browser.
 *
 * <p>Thread-safe.
 * @since 0.1
 */
public final class Guard implements DecoratingHttpServiceFunction {
    /** A header that a page of another site cannot send without asking first, which is refused. */
    static final String OWN_HEADER = "x-tracebridge";

    /** The largest body that any zone takes; the server must not be stricter. */
    public static final long LARGEST_BODY = Bodies.LARGEST;

    /** How long a connection may do nothing but send the rest of what was refused. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Set<HttpMethod> READING = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

    private final HostGuard hosts;
    private final Doorkeeper doorkeeper;
    private final Bodies bodies;
    private final int mainPort;
    private final TurnedAway turnedAway;

    /**
     * @param host what the server is bound to
     * @param mainPort the one port of pages and API; others take telemetry only
     */
    public Guard(String host, Doorkeeper doorkeeper, int mainPort, TurnedAway turnedAway) {
        this.hosts = new HostGuard(host);
        this.doorkeeper = doorkeeper;
        this.bodies = new Bodies();
        this.mainPort = mainPort;
        this.turnedAway = turnedAway;
    }

    /** Whether only programs on this machine can reach an address. */
    public static boolean isLoopback(String host) {
        return HostGuard.isLoopback(host);
    }

    @Override
    public HttpResponse serve(HttpService delegate, ServiceRequestContext context, HttpRequest request)
            throws Exception {
        AfterRefusal.watch(context, PATIENCE);
        Zone zone = Zone.of(context.path());
        HttpResponse refusal = refuse(zone, context, request.headers());
        if (refusal != null) {
            // the rest of a body is not read: the connection goes with it, soon
            return BrowserRules.apply(zone, request.headers(), refusal);
        }
        if (zone == Zone.INGEST) {
            HttpResponse preflight = Cors.preflight(request.headers());
            return preflight != null
                    ? preflight
                    : Cors.allow(
                            request.headers(),
                            BrowserRules.apply(
                                    zone,
                                    request.headers(),
                                    bodies.bounded(context, request, body -> delegate.serve(context, body))));
        }
        Bodies.small(context);
        return BrowserRules.apply(zone, request.headers(), delegate.serve(context, request));
    }

    private @Nullable HttpResponse refuse(Zone zone, ServiceRequestContext context, RequestHeaders headers) {
        if (!hosts.accepts(headers.authority())) {
            return forbidden(
                    zone,
                    context,
                    "forbidden_host",
                    "This server does not answer to that name; started with --host NAME it does.");
        }
        String origin = headers.get(HttpHeaderNames.ORIGIN);
        if (zone == Zone.OPEN) {
            return null;
        }
        if (zone == Zone.INGEST) {
            return origin == null || HostGuard.isLoopbackOrigin(origin)
                    ? null
                    : forbidden(zone, context, "forbidden_origin", "Pages of other sites may not send here.");
        }
        if (context.localAddress().getPort() != mainPort) {
            return Refusal.of(zone, HttpStatus.NOT_FOUND, "not_found", "This port takes telemetry only.");
        }
        if (isForeign(origin, headers)) {
            return forbidden(zone, context, "forbidden_origin", "Pages of other sites may not ask here.");
        }
        HttpResponse login = login(zone, context, headers);
        if (login != null) {
            return login;
        }
        return READING.contains(headers.method()) ? null : refuseChange(zone, headers);
    }

    private HttpResponse forbidden(Zone zone, ServiceRequestContext context, String code, String message) {
        if (zone == Zone.INGEST) {
            turnedAway.count(Zone.protocol(context.path()), code, message);
        }
        return Refusal.of(zone, HttpStatus.FORBIDDEN, code, message);
    }

    /** A request that a page of another origin made; following a link to us is not one. */
    private static boolean isForeign(@Nullable String origin, RequestHeaders headers) {
        if (origin != null && !origin.equals("http://" + headers.authority())) {
            return true;
        }
        String site = headers.get("sec-fetch-site", "none");
        return !site.equals("same-origin")
                && !site.equals("none")
                && !(headers.get("sec-fetch-mode", "").equals("navigate") && headers.method() == HttpMethod.GET);
    }

    private @Nullable HttpResponse login(Zone zone, ServiceRequestContext context, RequestHeaders headers) {
        String offered = zone == Zone.PRIVATE && headers.method() == HttpMethod.GET
                ? context.queryParams().get("t")
                : null;
        if (doorkeeper.admits(headers, mainPort)) {
            return offered == null ? null : redirect(context, null);
        }
        if (offered != null) {
            String cookie = doorkeeper.exchange(offered, mainPort);
            if (cookie != null) {
                return redirect(context, cookie);
            }
        }
        return Refusal.of(
                zone,
                HttpStatus.UNAUTHORIZED,
                "unauthorized",
                "Open the link that the dashboard printed when it started; a link works once, then the next is printed.");
    }

    /** To the same page without the token, so that it is in no history, bookmark or referrer. */
    private static HttpResponse redirect(ServiceRequestContext context, @Nullable String cookie) {
        QueryParams rest = context.queryParams().toBuilder().removeAndThen("t").build();
        // one leading slash: two would name another host
        String path = "/" + context.path().replaceFirst("^/+", "");
        String target = rest.isEmpty() ? path : path + "?" + rest.toQueryString();
        var headers = ResponseHeaders.builder(HttpStatus.SEE_OTHER)
                .add(HttpHeaderNames.LOCATION, target)
                .add(HttpHeaderNames.CACHE_CONTROL, "no-store");
        if (cookie != null) {
            headers.add(HttpHeaderNames.SET_COOKIE, cookie);
        }
        return HttpResponse.of(headers.build());
    }

    private static @Nullable HttpResponse refuseChange(Zone zone, RequestHeaders headers) {
        if (!headers.contains(OWN_HEADER)) {
            return Refusal.of(
                    zone, HttpStatus.FORBIDDEN, "missing_header", "A change needs the header X-Tracebridge: 1.");
        }
        String type = headers.get(HttpHeaderNames.CONTENT_TYPE);
        if (type != null && !type.startsWith("application/json")) {
            return Refusal.of(zone, HttpStatus.UNSUPPORTED_MEDIA_TYPE, "bad_body", "A body must be application/json.");
        }
        return null;
    }
}
