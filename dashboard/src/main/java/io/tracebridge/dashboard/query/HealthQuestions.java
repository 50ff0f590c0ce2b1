/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.query;

import io.tracebridge.dashboard.store.IngestLedger;
import io.tracebridge.dashboard.store.IngestLedger.Count;
import io.tracebridge.dashboard.store.RunRecord;
import io.tracebridge.dashboard.store.Store;
import io.tracebridge.dashboard.store.StoreFacts;
import io.tracebridge.dashboard.store.StoreQueryException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What was received, refused, kept; and what the filters can be set to.
 *
 * <p>Thread-safe.
 * @since 0.1
 */
public final class HealthQuestions {
    private static final int MAX_RUNS = 200;

    private final Store store;
    private final IngestLedger ledger;
    private final Thresholds thresholds;
    private final PriceTable prices;
    private final double startedAt;
    private final String version;

    HealthQuestions(
            Store store,
            IngestLedger ledger,
            Thresholds thresholds,
            PriceTable prices,
            LongSupplier millis,
            String version) {
        this.store = store;
        this.ledger = ledger;
        this.thresholds = thresholds;
        this.prices = prices;
        this.startedAt = millis.getAsLong();
        this.version = version;
    }

    /** Items of one type by one protocol. */
    public record Received(
            String protocol, String item, long received, long accepted, long rejected, Map<String, Long> outcomes) {}

    /** Why items were refused. */
    public record Rejected(String reason, long count) {}

    /** One refusal. */
    public record Reject(double at, String protocol, String item, String reason, String detail, String sample) {}

    /** Records that wait for the writer; it is full by bytes, not by records. */
    public record Queue(long depth, long bytes, long maxBytes) {}

    /** What is stored. */
    public record Stored(
            String engine,
            String mode,
            @Nullable String path,
            long bytes,
            long maxBytes,
            @Nullable Double oldestAt,
            @Nullable Double newestAt,
            long traces,
            long spans,
            long events,
            long logs,
            long metricPoints,
            long evicted,
            long failed,
            long reopened,
            @Nullable String trouble,
            int schemaVersion) {}

    /** An SDK. */
    public record Sender(
            String service,
            String sdk,
            double lastSeenAt,
            @Nullable Double skewMs) {}

    /** A setting in effect. */
    public record Setting(String name, String value, String source) {}

    /** A run. */
    public record Run(
            String id,
            String service,
            @Nullable String release,
            double startedAt,
            double lastSeenAt,
            boolean current) {}

    /** What the filters can be set to. */
    public record Filters(List<String> services, List<String> environments, List<Run> runs, List<String> releases) {}

    /**
     * A limit that was passed.
     * @param kind of what there was too much: {@code operation}, {@code series}, {@code attribute}, {@code span_link}
     * @param limit null when it is not one of the store
     */
    public record Overflow(
            String kind, long count, @Nullable Long limit) {}

    /** The price table in use. */
    public record Prices(String date, String source, int models) {}

    /** The whole. */
    public record Health(
            double startedAt,
            String version,
            String run,
            String storeEpoch,
            List<Received> received,
            List<Rejected> rejected,
            List<Reject> recentRejects,
            Queue queue,
            Stored store,
            List<Sender> senders,
            List<Setting> settings,
            Filters filters,
            List<Overflow> overflow,
            Prices prices) {}

    /**
     * The state now.
     * @param storeEpoch changes when data were cleared
     */
    public Health health(String storeEpoch) {
        StoreFacts facts = store.health().facts();
        return new Health(
                startedAt,
                version,
                facts.runId(),
                storeEpoch,
                received(),
                rejected(),
                ledger.rejects().stream()
                        .map(one -> new Reject(
                                Units.at(one.timeNanos()),
                                one.protocol(),
                                one.type(),
                                one.reason(),
                                one.detail(),
                                one.sample()))
                        .toList(),
                new Queue(facts.queued(), facts.queuedBytes(), facts.queueBytes()),
                stored(facts),
                senders(),
                thresholds.described().entrySet().stream()
                        .map(entry -> new Setting(
                                entry.getKey(),
                                entry.getValue(),
                                entry.getValue()
                                                .equals(Thresholds.DEFAULT
                                                        .described()
                                                        .get(entry.getKey()))
                                        ? "default"
                                        : "environment"))
                        .toList(),
                filtersIfAny(),
                overflow(),
                new Prices(prices.date(), prices.source(), prices.models()));
    }

    /** Counts by protocol and type. */
    List<Received> received() {
        Map<String, Map<String, Long>> lines = new LinkedHashMap<>();
        Map<String, Long> refused = new HashMap<>();
        for (Count count : ledger.counts()) {
            if (count.protocol().equals("all")) {
                continue; // parts of records that were left out; the records themselves are counted where they came in
            }
            String line = count.protocol() + "\n" + count.type();
            lines.computeIfAbsent(line, unused -> new LinkedHashMap<>())
                    .merge(count.outcome(), count.count(), Long::sum);
            refused.merge(line, count.refusal() ? count.count() : 0, Long::sum);
        }
        List<Received> received = new ArrayList<>();
        lines.forEach((key, outcomes) -> {
            String[] names = key.split("\n", -1);
            long rejected = refused.getOrDefault(key, 0L);
            long accepted = outcomes.getOrDefault("accepted", 0L);
            long duplicates = outcomes.getOrDefault("duplicate", 0L);
            received.add(
                    new Received(names[0], names[1], accepted + rejected + duplicates, accepted, rejected, outcomes));
        });
        return received;
    }

    private List<Rejected> rejected() {
        Map<String, Long> reasons = new LinkedHashMap<>();
        for (Count count : ledger.counts()) {
            if (count.refusal()) {
                reasons.merge(count.outcome(), count.count(), Long::sum);
            }
        }
        return reasons.entrySet().stream()
                .map(entry -> new Rejected(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparingLong(Rejected::count).reversed())
                .toList();
    }

    private static Stored stored(StoreFacts facts) {
        return new Stored(
                facts.engine(),
                facts.place() == null ? "memory" : "disk",
                facts.place(),
                facts.bytes(),
                facts.maxBytes(),
                facts.oldestNanos() == 0 ? null : (Double) Units.at(facts.oldestNanos()),
                facts.newestNanos() == 0 ? null : (Double) Units.at(facts.newestNanos()),
                facts.traces(),
                facts.spans(),
                facts.events(),
                facts.logs(),
                facts.points(),
                facts.evicted(),
                facts.failed(),
                facts.reopened(),
                facts.trouble(),
                facts.schemaVersion());
    }

    private List<Sender> senders() {
        return ledger.senders().stream()
                .map(sender -> {
                    Long skew = sender.skewNanos();
                    return new Sender(
                            sender.service(),
                            (sender.sdk() + " " + sender.version()).trim(),
                            Units.at(sender.lastSeenNanos()),
                            skew == null ? null : (Double) (skew / 1e6));
                })
                .toList();
    }

    private List<Overflow> overflow() {
        List<Overflow> passed = new ArrayList<>();
        long operations = store.operations().overflowed();
        for (Count count : ledger.counts()) {
            if (count.type().equals("operation") && count.outcome().equals("overflow")) {
                operations += count.count();
            } else if (count.outcome().equals("overflow")) {
                passed.add(new Overflow(count.type(), count.count(), null));
            }
        }
        if (operations > 0) {
            passed.add(0, new Overflow("operation", operations, (long)
                    store.operations().limit()));
        }
        return passed;
    }

    /** Health is asked for above all when the engine does not answer. */
    private Filters filtersIfAny() {
        try {
            return filters();
        } catch (StoreQueryException e) {
            return new Filters(List.of(), List.of(), List.of(), List.of());
        }
    }

    /** What the filters can be set to; runs newest first. */
    public Filters filters() {
        List<RunRecord> runs = store.health().runs(MAX_RUNS);
        Map<String, String> newest = new LinkedHashMap<>();
        runs.stream()
                .sorted(Comparator.comparingLong(RunRecord::firstSeenNanos).reversed())
                .forEach(run -> newest.putIfAbsent(run.service(), run.runId()));
        return new Filters(
                runs.stream()
                        .map(RunRecord::service)
                        .filter(name -> !name.isEmpty())
                        .distinct()
                        .sorted()
                        .toList(),
                store.health().environments(),
                runs.stream()
                        .map(run -> new Run(
                                run.runId(),
                                run.service(),
                                run.release(),
                                Units.at(run.firstSeenNanos()),
                                Units.at(run.lastSeenNanos()),
                                run.runId().equals(newest.get(run.service()))))
                        .toList(),
                runs.stream()
                        .map(RunRecord::release)
                        .filter(release -> release != null)
                        .distinct()
                        .sorted()
                        .toList());
    }

    /** Whether there was never a request or an error to look at; log lines and metrics alone are none. */
    boolean isEmpty() {
        StoreFacts facts = store.health().facts();
        return facts.spans() + facts.events() + facts.evicted() == 0;
    }

    /** Accepted items by the first word of the protocol. */
    Map<String, Long> acceptedByProtocol() {
        Map<String, Long> accepted = new LinkedHashMap<>();
        accepted.put("sentry", 0L);
        accepted.put("otlp", 0L);
        for (Count count : ledger.counts()) {
            if (count.outcome().equals("accepted")) {
                accepted.merge(count.protocol().split("-", 2)[0], count.count(), Long::sum);
            }
        }
        return accepted;
    }

    /** A summary for live pages. */
    public record Brief(long accepted, long rejected, long queueDepth, long storeBytes) {}

    /** Counts that change most. */
    public Brief brief() {
        StoreFacts facts = store.health().facts();
        long accepted = 0;
        long rejected = 0;
        for (Count count : ledger.counts()) {
            accepted += count.outcome().equals("accepted") ? count.count() : 0;
            rejected += count.refusal() ? count.count() : 0;
        }
        return new Brief(accepted, rejected, facts.queued(), facts.bytes());
    }
}
