/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.api;

import com.linecorp.armeria.common.HttpStatus;
import io.tracebridge.dashboard.api.ApiRoutes.Asked;
import io.tracebridge.dashboard.http.LiveHub;
import io.tracebridge.dashboard.query.Queries;
import io.tracebridge.dashboard.store.Admission;
import io.tracebridge.dashboard.store.Store;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Endpoints that change something. */
final class Changes {
    private static final List<String> STATUSES = List.of("unresolved", "resolved", "ignored");

    private final Store store;
    private final Queries queries;
    private final StoreEpoch epoch;
    private final LiveHub hub;
    private final Runnable onClear;

    Changes(Store store, Queries queries, StoreEpoch epoch, LiveHub hub, Runnable onClear) {
        this.store = store;
        this.queries = queries;
        this.epoch = epoch;
        this.hub = hub;
        this.onClear = onClear;
    }

    Object sample(Asked asked) {
        Sample sample = new Sample(queries.nowNanos());
        boolean accepted = store.intake().offer(sample.event()) == Admission.ACCEPTED
                && store.intake().offer(sample.rest()) == Admission.ACCEPTED;
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("traceId", sample.traceId());
        answer.put("accepted", accepted);
        return Answers.json(accepted ? HttpStatus.ACCEPTED : HttpStatus.SERVICE_UNAVAILABLE, answer);
    }

    Object status(Asked asked) {
        String id = asked.hex("issueId");
        Parameters in = asked.parameters();
        String status = in.oneOf("to", "", STATUSES);
        if (status.isEmpty()) {
            throw ApiException.badParameter("to", "one of " + String.join(", ", STATUSES), status);
        }
        if (!store.setIssueStatus(id, status)) {
            throw ApiException.notFound("the issue");
        }
        // lists that are open somewhere hold it, or do not hold it yet
        hub.resync();
        return Map.of("id", id, "status", status);
    }

    Object clear(Asked asked) {
        store.clear();
        onClear.run();
        epoch.next();
        hub.resync();
        return Map.of("cleared", true, "storeEpoch", epoch.value());
    }
}
