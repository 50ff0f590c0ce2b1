/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.examples.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Asks the dashboard's API what arrived. */
final class DashboardClient {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client =
            HttpClient.newBuilder().cookieHandler(new CookieManager()).build();
    private final String url;

    private DashboardClient(String url) {
        this.url = url;
    }

    /** @param link with the one-time token, which is exchanged for a cookie here */
    static DashboardClient open(URI link) throws IOException, InterruptedException {
        DashboardClient client = new DashboardClient(link.getScheme() + "://" + link.getAuthority());
        client.client.send(HttpRequest.newBuilder(link).build(), HttpResponse.BodyHandlers.discarding());
        return client;
    }

    /**
     * A stored trace.
     *
     * @param spanIds 16 hex digits each
     * @param eventIds of the errors on it
     */
    record StoredTrace(Set<String> spanIds, Set<String> eventIds) {}

    /** How many of these events are stored. */
    int delivered(List<String> eventIds) throws IOException, InterruptedException {
        List<String> issueIds = new ArrayList<>();
        get("/api/v1/issues?limit=200")
                .path("items")
                .forEach(issue -> issueIds.add(issue.path("id").asText()));
        int delivered = 0;
        for (String eventId : eventIds) {
            for (String issueId : issueIds) {
                if (!get("/api/v1/issues/" + issueId + "/events/" + eventId).isMissingNode()) {
                    delivered++;
                    break;
                }
            }
        }
        return delivered;
    }

    /** Null when the trace is not stored. */
    @Nullable
    StoredTrace trace(String traceId) throws IOException, InterruptedException {
        JsonNode trace = get("/api/v1/traces/" + traceId);
        if (trace.isMissingNode()) {
            return null;
        }
        String ids = trace.path("ids").asText();
        Set<String> spanIds = new HashSet<>();
        for (int i = 0; i + 16 <= ids.length(); i += 16) {
            spanIds.add(ids.substring(i, i + 16));
        }
        Set<String> eventIds = new HashSet<>();
        trace.path("errors").forEach(error -> eventIds.add(error.path("eventId").asText()));
        return new StoredTrace(spanIds, eventIds);
    }

    /** The missing node for 404. */
    private JsonNode get(String path) throws IOException, InterruptedException {
        HttpResponse<byte[]> response = client.send(
                HttpRequest.newBuilder(URI.create(url + path)).build(), HttpResponse.BodyHandlers.ofByteArray());
        if (response.statusCode() == 404) {
            return MissingNode.getInstance();
        }
        if (response.statusCode() != 200) {
            throw new IOException("The dashboard answered " + response.statusCode() + " for " + path);
        }
        return JSON.readTree(response.body());
    }
}
