/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.query;

import io.tracebridge.dashboard.store.OperationRef;
import io.tracebridge.dashboard.store.SpanFacts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The columns of a trace that are not in its tree already: dictionaries, flags, ids. */
final class TraceColumns {
    private static final double GAP = 0.3;

    final String ids;
    final long[] durations;
    final int[] operations;
    final int[] services;
    final int[] flags;
    final List<OperationRef> operationNames = new ArrayList<>();
    final List<String> serviceNames = new ArrayList<>();

    /** Bits of the {@code flags} column. */
    enum Flag {
        ERROR(1),
        CRITICAL(2),
        ASYNC(4),
        GAP(8),
        SKEWED(16),
        LATE(32),
        ORPHAN(64),
        UNFINISHED(128),
        EXCEPTION(256),
        LINK(512);

        final int bit;

        Flag(int bit) {
            this.bit = bit;
        }

        static Map<String, Integer> bits() {
            Map<String, Integer> bits = new LinkedHashMap<>();
            for (Flag flag : values()) {
                bits.put(flag.name().toLowerCase(Locale.ROOT), flag.bit);
            }
            return bits;
        }
    }

    private TraceColumns(AnalysedTrace trace) {
        int size = trace.tree.size;
        durations = new long[size];
        operations = new int[size];
        services = new int[size];
        flags = new int[size];
        Map<OperationRef, Integer> operationIds = new HashMap<>();
        Map<String, Integer> serviceIds = new HashMap<>();
        StringBuilder text = new StringBuilder(size * 16);
        for (int i = 0; i < size; i++) {
            SpanFacts span = trace.span(i);
            text.append(span.spanId());
            durations[i] = trace.tree.duration(i);
            operations[i] = operationIds.computeIfAbsent(trace.operation(i), one -> {
                operationNames.add(one);
                return operationNames.size() - 1;
            });
            services[i] = serviceIds.computeIfAbsent(span.service(), one -> {
                serviceNames.add(one);
                return serviceNames.size() - 1;
            });
            flags[i] = flags(trace, i);
        }
        ids = text.toString();
    }

    static TraceColumns of(AnalysedTrace trace) {
        return new TraceColumns(trace);
    }

    private static int flags(AnalysedTrace trace, int i) {
        TraceTree tree = trace.tree;
        int flags = TraceDetails.failed(trace.span(i)) ? Flag.ERROR.bit : 0;
        flags |= trace.path.critical[i] > 0 ? Flag.CRITICAL.bit : 0;
        flags |= tree.async[i] ? Flag.ASYNC.bit : 0;
        flags |= tree.subtree[i] > 1 && trace.path.self[i] > tree.duration(i) * GAP ? Flag.GAP.bit : 0;
        flags |= tree.skewed[i] ? Flag.SKEWED.bit : 0;
        flags |= trace.span(i).late() ? Flag.LATE.bit : 0;
        return flags | (tree.orphan[i] ? Flag.ORPHAN.bit : 0);
    }
}
