/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.query;

import io.tracebridge.dashboard.store.RunRecord;
import io.tracebridge.dashboard.store.Selection;
import io.tracebridge.dashboard.store.Store;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A time and the one that it is compared with, both with both ends.
 *
 * @param before null when nothing is stored from before
 */
record ComparedTimes(Selection now, @Nullable Selection before) {
    static ComparedTimes of(Selection asked, Store store, List<RunRecord> runs, long nowNanos, long oldestNanos) {
        List<RunRecord> chosen =
                runs.stream().filter(run -> asked.runs().contains(run.runId())).toList();
        Selection now = now(asked, chosen, nowNanos, oldestNanos);
        return new ComparedTimes(now, before(now, chosen, store));
    }

    /** A run is compared from its start to its end. */
    private static Selection now(Selection asked, List<RunRecord> chosen, long nowNanos, long oldestNanos) {
        long from = asked.fromNanos();
        long to = Math.min(asked.toNanos(), nowNanos);
        if (!chosen.isEmpty()) {
            from = Math.max(
                    from,
                    chosen.stream().mapToLong(RunRecord::firstSeenNanos).min().getAsLong());
            to = Math.min(
                    to,
                    chosen.stream().mapToLong(RunRecord::lastSeenNanos).max().getAsLong() + 1_000);
        }
        if (from == Long.MIN_VALUE) {
            from = Math.min(oldestNanos, to);
        }
        return asked.between(from, Math.max(to, from + 1_000));
    }

    /**
     * The equally long time before; where nothing was called in it, the one that ends with the last call before it: who stops, changes and starts again
     * compares with what was before the stop. A run has nothing before itself, so it is compared with what its service did.
     */
    private static @Nullable Selection before(Selection now, List<RunRecord> chosen, Store store) {
        List<String> services = now.services().isEmpty()
                ? chosen.stream()
                        .map(RunRecord::service)
                        .filter(service -> !service.isEmpty())
                        .distinct()
                        .toList()
                : now.services();
        Selection anyRun = new Selection(
                services, now.environments(), List.of(), now.fromNanos(), now.toNanos(), now.text(), now.attributes());
        long length = now.toNanos() - now.fromNanos();
        Selection adjacent = anyRun.between(now.fromNanos() - length, now.fromNanos());
        if (store.operations().extent(adjacent).toMicros() > 0) {
            return adjacent;
        }
        long last = store.operations()
                .extent(anyRun.between(Long.MIN_VALUE, now.fromNanos()))
                .toMicros();
        return last == 0 ? null : anyRun.between((last + 1) * 1_000 - length, (last + 1) * 1_000);
    }
}
