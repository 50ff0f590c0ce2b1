/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ui;

import static java.util.Objects.requireNonNull;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The web pages: one HTML shell for every page address, our files under {@code /ui} and the libraries under {@code /lib},
 * all from the class path. Thread-safe; each file is read, hashed and compressed on first use and kept.
 *
 * <p>Answers GET only and never reads a request body. A path that names no file of ours is a 404; the class path at large
 * is out of reach because names are matched, not resolved.
 */
public final class WebPages {
    /**
     * The policy of every page. Trusted types make the browser refuse any markup made from a string, except by lit-html's
     * own template parser: telemetry stays text even where a page has a bug.
     */
    public static final String CONTENT_SECURITY_POLICY = "default-src 'none'; script-src 'self'; style-src 'self';"
            + " img-src 'self' data:; connect-src 'self'; font-src 'self'; frame-ancestors 'none'; base-uri 'none';"
            + " form-action 'self'; require-trusted-types-for 'script'; trusted-types lit-html";

    /** Addresses at which the shell answers; the script in it decides which page to draw. */
    static final List<String> PAGES = List.of(
            "/",
            "/issues",
            "/issues/{id}",
            "/issues/{id}/events/{eventId}",
            "/traces",
            "/traces/{id}",
            "/operations",
            "/operations/{key}",
            "/changes",
            "/logs",
            "/metrics",
            "/metrics/{name}",
            "/ai",
            "/ai/calls/{spanId}",
            "/health-ui");

    private static final Pattern OURS = Pattern.compile("/ui/([a-z0-9-]+(?:/[a-z0-9-]+)*\\.[a-z]+)");
    private static final Pattern LIBRARY =
            Pattern.compile("/lib/(lit-html|uplot)@([0-9.]+)/((?:[A-Za-z-]+/)*[A-Za-z.-]+)");
    private static final String REVALIDATE = "no-cache";
    // the version is part of the address, so what it names never changes
    private static final String FOREVER = "public, max-age=31536000, immutable";

    private final Map<String, Asset> assets = new ConcurrentHashMap<>();

    private WebPages() {}

    public static WebPages create() {
        return new WebPages();
    }

    /** Names every address and what answers there; addresses are Armeria path patterns. */
    public void addTo(BiConsumer<String, HttpService> routes) {
        PAGES.forEach(page -> routes.accept(page, this::page));
        routes.accept("prefix:/ui", this::file);
        routes.accept("prefix:/lib", this::file);
    }

    private HttpResponse page(ServiceRequestContext context, HttpRequest request) {
        return answer(request, requireNonNull(asset("web/shell/index.html")), REVALIDATE);
    }

    private HttpResponse file(ServiceRequestContext context, HttpRequest request) {
        Matcher ours = OURS.matcher(context.path());
        if (ours.matches()) {
            return found(request, asset("web/" + ours.group(1)), REVALIDATE);
        }
        Matcher library = LIBRARY.matcher(context.path());
        if (library.matches() && !library.group(3).contains("..")) {
            String name = String.join("/", library.group(1), library.group(2), library.group(3));
            return found(request, asset("META-INF/resources/webjars/" + name), FOREVER);
        }
        return HttpResponse.of(HttpStatus.NOT_FOUND);
    }

    private @Nullable Asset asset(String resource) {
        // only names that exist are kept, so the map is as large as the class path's part of it
        return assets.computeIfAbsent(resource, WebPages::read);
    }

    private static @Nullable Asset read(String resource) {
        if (!Asset.isServed(resource)) {
            return null;
        }
        try (InputStream in = WebPages.class.getClassLoader().getResourceAsStream(resource)) {
            return in == null ? null : Asset.of(resource, in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(resource, e);
        }
    }

    private static HttpResponse found(HttpRequest request, @Nullable Asset asset, String caching) {
        return asset == null ? HttpResponse.of(HttpStatus.NOT_FOUND) : answer(request, asset, caching);
    }

    private static HttpResponse answer(HttpRequest request, Asset asset, String caching) {
        ResponseHeadersBuilder headers = ResponseHeaders.builder(HttpStatus.OK)
                .contentType(asset.type())
                .add(HttpHeaderNames.ETAG, asset.etag())
                .add(HttpHeaderNames.CACHE_CONTROL, caching)
                .add(HttpHeaderNames.VARY, "accept-encoding")
                .add(HttpHeaderNames.CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY)
                .add(HttpHeaderNames.X_CONTENT_TYPE_OPTIONS, "nosniff")
                .add(HttpHeaderNames.REFERRER_POLICY, "no-referrer")
                .add("cross-origin-opener-policy", "same-origin")
                .add("cross-origin-resource-policy", "same-origin");
        if (asset.etag().equals(request.headers().get(HttpHeaderNames.IF_NONE_MATCH))) {
            return HttpResponse.of(headers.status(HttpStatus.NOT_MODIFIED).build());
        }
        byte[] gzip = asset.gzip();
        if (gzip != null
                && request.headers().get(HttpHeaderNames.ACCEPT_ENCODING, "").contains("gzip")) {
            headers.add(HttpHeaderNames.CONTENT_ENCODING, "gzip");
            return HttpResponse.of(headers.build(), HttpData.wrap(gzip));
        }
        return HttpResponse.of(headers.build(), HttpData.wrap(asset.plain()));
    }
}
