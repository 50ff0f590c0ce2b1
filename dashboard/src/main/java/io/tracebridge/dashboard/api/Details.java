/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.api;

import io.tracebridge.dashboard.api.ApiRoutes.Asked;
import io.tracebridge.dashboard.query.Queries;
import org.jspecify.annotations.Nullable;

/** Endpoints that show one thing. */
final class Details {
    private final Queries queries;

    Details(Queries queries) {
        this.queries = queries;
    }

    Object issue(Asked asked) {
        return found(queries.issueDetails().issue(asked.hex("issueId")), "the issue");
    }

    Object event(Asked asked) {
        String eventId = asked.path("eventId");
        boolean word = eventId.equals("newest") || eventId.equals("oldest") || eventId.equals("recommended");
        return found(queries.events().event(asked.hex("issueId"), word ? eventId : asked.hex("eventId")), "the event");
    }

    Object trace(Asked asked) {
        return found(queries.traceDetails().trace(asked.hex("traceId")), "the trace");
    }

    Object span(Asked asked) {
        return found(
                queries.spanDetails()
                        .span(
                                asked.hex("traceId"),
                                asked.hex("spanId"),
                                asked.parameters().text("service")),
                "the span");
    }

    Object operation(Asked asked) {
        return found(
                queries.operationDetails()
                        .detail(asked.hex("key"), asked.parameters().selection()),
                "the operation");
    }

    Object metric(Asked asked) {
        Parameters in = asked.parameters();
        String step = in.text("step");
        try {
            return found(
                    queries.metrics()
                            .metric(
                                    asked.path("name"),
                                    in.selection(),
                                    in.texts("groupBy"),
                                    in.text("agg"),
                                    step == null ? null : (Long) nanos(step)),
                    "the metric");
        } catch (IllegalArgumentException e) {
            throw ApiException.badParameter("agg", String.valueOf(e.getMessage()), String.valueOf(in.text("agg")));
        }
    }

    /** {@code 10s}, {@code 5m}, {@code 1h}. */
    private static long nanos(String step) {
        if (!step.matches("\\d{1,6}[smh]")) {
            throw ApiException.badParameter("step", "a duration like 10s, 5m or 1h", step);
        }
        long number = Long.parseLong(step.substring(0, step.length() - 1));
        long seconds = switch (step.charAt(step.length() - 1)) {
            case 's' -> number;
            case 'm' -> number * 60;
            default -> number * 3_600;
        };
        if (seconds < 1) {
            throw ApiException.badParameter("step", "at least 1s", step);
        }
        return seconds * 1_000_000_000L;
    }

    Object aiCall(Asked asked) {
        String trace = asked.parameters().text("trace");
        return found(
                queries.aiCallDetails()
                        .call(asked.hex("spanId"), trace == null ? null : Parameters.hex("trace", trace)),
                "the call");
    }

    private static Object found(@Nullable Object answer, String what) {
        if (answer == null) {
            throw ApiException.notFound(what);
        }
        return answer;
    }
}
