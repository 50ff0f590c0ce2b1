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
 * <p>Thread-safe and bounded: past {@value #MAX_KEYS} different keys the rest is counted as {@code other}. What senders report
 * in words of their own is so from {@value #MAX_REPORTED} keys on, and cannot take the room of our own counts.
 * @since 0.1
 */
public final class IngestLedger {
    static final int MAX_KEYS = 500;
    static final int MAX_REPORTED = 200;
    static final long MAX_BELIEVED = 1_000_000_000;
    static final int MAX_REJECTS = 20;
    static final int MAX_SENDERS = 100;

    private final ConcurrentMap<Key, LongAdder> counts = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Sender> senders = new ConcurrentHashMap<>();
    private final Deque<Reject> rejects = new ArrayDeque<>();

    /**
     * One line of the ledger.
     * @param protocol {@code sentry}, {@code otlp-http} or {@code otlp-grpc}
     * @param type item type such as {@code span}, {@code event} or {@code log}
     * @param outcome {@code accepted}, {@code duplicate}, {@code warning}, {@code overflow} or the reason of a refusal;
     *     {@code sender:…} for what a sender says that it dropped itself
     * @param refusal whether they are not stored because we refused them
     */
    public record Count(String protocol, String type, String outcome, long count, boolean refusal) {}

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

    private record Key(String protocol, String type, String outcome, boolean refusal) {}

    public void accepted(String protocol, String type, long count) {
        add(new Key(protocol, type, "accepted", false), MAX_KEYS, count);
    }

    /** Counts something that is neither accepted nor refused: a duplicate, a warning, a part that was left out. */
    public void noted(String protocol, String type, String outcome, long count) {
        add(new Key(protocol, type, outcome, false), MAX_KEYS, count);
    }

    /**
     * Counts what a sender says that it dropped itself.
     * @param count above a thousand million it is no count
     */
    public void reported(String protocol, String type, String reason, long count) {
        long believable = Math.max(0, Math.min(count, MAX_BELIEVED));
        add(new Key(protocol, type, "sender:" + reason, false), MAX_REPORTED, believable);
    }

    /** Counts a refusal and remembers it among the last {@value #MAX_REJECTS}. */
    public void rejected(Reject reject, long count) {
        add(new Key(reject.protocol(), reject.type(), reject.reason(), true), MAX_KEYS, count);
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
        counts.forEach(
                (key, value) -> lines.add(new Count(key.protocol, key.type, key.outcome, value.sum(), key.refusal)));
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

    private void add(Key key, int max, long count) {
        LongAdder adder = counts.get(key);
        if (adder == null) {
            Key bounded = counts.size() < max ? key : new Key(key.protocol, "other", "other", key.refusal);
            adder = counts.computeIfAbsent(bounded, unused -> new LongAdder());
        }
        adder.add(count);
    }
}
