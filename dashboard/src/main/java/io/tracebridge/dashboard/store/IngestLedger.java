/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * What was received, accepted and refused since start, and why: every item is counted once, nothing is swallowed.
 *
 * <p>Thread-safe and bounded: past {@value #MAX_KEYS} different keys the rest is counted as {@code other}.
 * @since 0.1
 */
public final class IngestLedger {
    static final int MAX_KEYS = 500;
    static final int MAX_REJECTS = 20;
    static final int MAX_SENDERS = 100;

    private final ConcurrentMap<Key, LongAdder> counts = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Sender> senders = new ConcurrentHashMap<>();
    private final Deque<Reject> rejects = new ArrayDeque<>();

    /**
     * One line of the ledger.
     * @param protocol {@code sentry}, {@code otlp-http} or {@code otlp-grpc}
     * @param type item type such as {@code span}, {@code event} or {@code log}
     * @param outcome {@code accepted}, {@code duplicate}, {@code warning} or the reason of a refusal; {@code sender:…} for what
     *     a sender says that it dropped itself
     */
    public record Count(String protocol, String type, String outcome, long count) {}

    /**
     * A refused payload.
     * @param sample the start of it, control characters removed, or ""
     */
    public record Reject(long timeNanos, String protocol, String type, String reason, String detail, String sample) {}

    /**
     * An SDK seen.
     * @param skewNanos its clock minus ours at the last request, or null when unknown
     */
    public record Sender(
            String sdk,
            String version,
            String service,
            @Nullable Long skewNanos,
            long lastSeenNanos) {}

    private record Key(String protocol, String type, String outcome) {}

    public void accepted(String protocol, String type, long count) {
        add(protocol, type, "accepted", count);
    }

    /** Counts something that is neither accepted nor refused: a duplicate, a warning, a drop that the sender reports. */
    public void noted(String protocol, String type, String outcome, long count) {
        add(protocol, type, outcome, count);
    }

    /** Counts a refusal and remembers it among the last {@value #MAX_REJECTS}. */
    public void rejected(Reject reject, long count) {
        add(reject.protocol(), reject.type(), reject.reason(), count);
        synchronized (rejects) {
            if (rejects.size() == MAX_REJECTS) {
                rejects.removeFirst();
            }
            rejects.addLast(reject);
        }
    }

    /** Notes an SDK; past {@value #MAX_SENDERS} different ones new ones are not listed. */
    public void seen(Sender sender) {
        String key = sender.sdk() + '\0' + sender.version() + '\0' + sender.service();
        if (senders.size() < MAX_SENDERS || senders.containsKey(key)) {
            senders.put(key, sender);
        }
    }

    /** All counts, the largest first. */
    public List<Count> counts() {
        List<Count> lines = new ArrayList<>();
        counts.forEach((key, value) -> lines.add(new Count(key.protocol, key.type, key.outcome, value.sum())));
        lines.sort(Comparator.comparingLong(Count::count).reversed());
        return lines;
    }

    /** The last refusals, newest first. */
    public List<Reject> rejects() {
        synchronized (rejects) {
            List<Reject> newestFirst = new ArrayList<>(rejects.size());
            rejects.descendingIterator().forEachRemaining(newestFirst::add);
            return newestFirst;
        }
    }

    /** SDKs seen, the most recent first. */
    public List<Sender> senders() {
        return senders.values().stream()
                .sorted(Comparator.comparingLong(Sender::lastSeenNanos).reversed())
                .toList();
    }

    private void add(String protocol, String type, String outcome, long count) {
        Key key = new Key(protocol, type, outcome);
        LongAdder adder = counts.get(key);
        if (adder == null) {
            Key bounded = counts.size() < MAX_KEYS ? key : new Key(protocol, "other", "other");
            adder = counts.computeIfAbsent(bounded, unused -> new LongAdder());
        }
        adder.add(count);
    }
}
