/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.context;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a pipeline knows of itself, bounded in every direction; what does not fit is counted. Thread-safe: the steps of
 * one pipeline run on many threads.
 */
final class PipelineData {
    static final int MAX_KEYS = 64;
    static final int MAX_TEXT = 1_024;
    static final int MAX_TOTAL_TEXT = 16_384;
    static final int MAX_STEPS = 100;
    static final int MAX_NOTES = 100;
    static final int MAX_TAG = 200;

    private final ContextRuntime runtime;
    private final Map<String, Object> data = new LinkedHashMap<>();
    private final Map<String, String> tags = new LinkedHashMap<>();
    private final Deque<StepEntry> steps = new ArrayDeque<>();
    private final Deque<Note> notes = new ArrayDeque<>();
    private int textLength;
    private long dropped;

    PipelineData(ContextRuntime runtime) {
        this.runtime = runtime;
    }

    /** Returns the value as kept; null when there was no room or nothing to keep. */
    synchronized boolean put(String key, Object value) {
        Object bounded = bounded(value);
        int length = length(bounded);
        Object old = data.get(key);
        int lengthAfter = textLength + length - (old == null ? 0 : length(old));
        if (lengthAfter > MAX_TOTAL_TEXT || (old == null && data.size() >= MAX_KEYS)) {
            dropped++;
            return false;
        }
        textLength = lengthAfter;
        data.put(key, bounded);
        return true;
    }

    synchronized void tag(String key, String value) {
        if (tags.size() >= MAX_KEYS && !tags.containsKey(key)) {
            dropped++;
            return;
        }
        tags.put(key, runtime.scrubber().text(value, MAX_TAG));
    }

    synchronized StepEntry step(String name, boolean mark) {
        StepEntry entry = new StepEntry(name, runtime.clock().instant(), runtime.nanoTime(), mark);
        if (steps.size() >= MAX_STEPS) {
            steps.removeFirst();
            dropped++;
        }
        steps.addLast(entry);
        return entry;
    }

    synchronized void note(Note note) {
        if (notes.size() >= MAX_NOTES) {
            notes.removeFirst();
            dropped++;
        }
        notes.addLast(note);
    }

    synchronized Map<String, Object> data() {
        return new LinkedHashMap<>(data);
    }

    synchronized Map<String, String> tags() {
        return new LinkedHashMap<>(tags);
    }

    synchronized List<StepTime> path() {
        long now = runtime.nanoTime();
        List<StepTime> path = new ArrayList<>(steps.size());
        for (StepEntry entry : steps) {
            path.add(entry.at(now));
        }
        return path;
    }

    synchronized List<Note> notes() {
        return new ArrayList<>(notes);
    }

    synchronized long dropped() {
        return dropped;
    }

    /** Long text is scrubbed before it is cut, short text when an event is made: most pipelines never make one. */
    private Object bounded(Object value) {
        if (value instanceof String text) {
            return text.length() <= MAX_TEXT ? text : runtime.scrubber().text(text, MAX_TEXT);
        }
        return value instanceof List<?> || value instanceof Map<?, ?>
                ? (length(value) <= MAX_TEXT ? value : "[" + value.getClass().getSimpleName() + " too large]")
                : value;
    }

    private static int length(Object value) {
        if (value instanceof String text) {
            return text.length();
        }
        int length = 8;
        if (value instanceof List<?> list) {
            for (Object each : list) {
                length += length(each);
            }
        } else if (value instanceof Map<?, ?> map) {
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                length += length(entry.getKey()) + length(entry.getValue());
            }
        }
        return length;
    }

    /** A step as it goes on; one writer, the thread that ends it. */
    static final class StepEntry {
        private final String name;
        private final Instant started;
        private final long startNanos;
        private volatile long endNanos;
        private volatile String outcome;

        StepEntry(String name, Instant started, long startNanos, boolean mark) {
            this.name = name;
            this.started = started;
            this.startNanos = startNanos;
            this.endNanos = startNanos;
            this.outcome = mark ? "mark" : "running";
        }

        void end(long nanos, String finalOutcome) {
            endNanos = nanos;
            outcome = finalOutcome;
        }

        StepTime at(long now) {
            String current = outcome;
            return new StepTime(name, started, (current.equals("running") ? now : endNanos) - startNanos, current);
        }
    }
}
