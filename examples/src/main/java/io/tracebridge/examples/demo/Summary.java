/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.examples.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tracebridge.examples.scene.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What was injected and what arrived. The received side is null when it went to a backend that the demo cannot ask.
 *
 * @param failures injected faults by kind, by the driver's own ledger
 * @param received null when not known
 */
record Summary(
        int runs, Map<Fault, Integer> failures, @Nullable Received received) {
    /**
     * What a backend has.
     *
     * @param events unique event ids on traces of failed requests
     * @param traces traces of requests, whole or not
     * @param eventsWithCompleteTrace events whose trace has exactly the spans that ended in the application
     * @param ordinaryTraces traces of requests that did not fail
     */
    record Received(int events, int traces, int eventsWithCompleteTrace, int ordinaryTraces) {}

    int failureCount() {
        return failures.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** Failures that must give an event, less the events that arrived. */
    @Nullable
    Integer lost() {
        return received == null ? null : failureCount() - received.events();
    }

    /** Whether every failure gave an event and every event has its complete trace, as far as that is known. */
    boolean kept() {
        Received there = received;
        return there == null || (there.events() >= failureCount() && there.eventsWithCompleteTrace() >= there.events());
    }

    String json() throws IOException {
        ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
        ObjectNode json = mapper.createObjectNode();
        json.put("runs", runs);
        ObjectNode byKind = json.putObject("failures");
        new TreeMap<>(failures).forEach((fault, count) -> byKind.put(fault.id(), count));
        Received there = received;
        json.put("eventsSent", there == null ? null : Integer.valueOf(there.events()));
        json.put("tracesSent", there == null ? null : Integer.valueOf(there.traces()));
        json.put("eventsWithCompleteTrace", there == null ? null : Integer.valueOf(there.eventsWithCompleteTrace()));
        json.put("ordinaryTracesKept", there == null ? null : Integer.valueOf(there.ordinaryTraces()));
        json.put("lost", lost());
        return mapper.writeValueAsString(json);
    }

    void write(Path file) throws IOException {
        Files.writeString(file, json() + System.lineSeparator());
    }
}
