/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store.duckdb;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells of most traces that are new to the store that they are, without asking the engine: a Bloom filter of 8 MiB over trace
 * ids. It never takes a stored trace for a new one. At 2.5 million traces it takes three of a million new ones for stored; far
 * beyond, all of them, which costs time and nothing else.
 *
 * <p>Thread-safe. What was stored before the start is read on a thread of its own; until then no trace is called new.
 */
final class SeenTraces {
    private static final Logger LOG = LoggerFactory.getLogger("io.tracebridge.dashboard");
    private static final int BITS = 1 << 26;
    private static final int PROBES = 8;
    /** Removed traces stay in the filter until it is read again; from here on that is worth its while. */
    private static final int CROWDED = 4_000_000;

    private long[] words = new long[0];
    private boolean complete;
    private int added;
    /** Only the last reader begun knows all: an earlier one filled a filter that is gone. */
    private int readers;

    private boolean begun;
    private @Nullable Thread waiting;

    /** Reads the ids of stored traces, again when called again. */
    interface Stored {
        void forEach(Consumer<String> traceId);
    }

    /** Whether the trace is certainly not stored. */
    synchronized boolean isNew(String traceId) {
        if (!complete) {
            return false;
        }
        long hash = hash(traceId);
        for (int i = 0; i < PROBES; i++) {
            int bit = bit(hash, i);
            if ((words[bit >>> 6] & 1L << bit) == 0) {
                return true;
            }
        }
        return false;
    }

    /** To be called with each trace that is written, before it can be asked for. */
    synchronized void add(String traceId) {
        if (words.length == 0) {
            words = new long[BITS / Long.SIZE];
        }
        long hash = hash(traceId);
        for (int i = 0; i < PROBES; i++) {
            int bit = bit(hash, i);
            words[bit >>> 6] |= 1L << bit;
        }
        added++;
    }

    synchronized boolean isCrowded() {
        return complete && added > CROWDED;
    }

    /** There is nothing stored. */
    synchronized void startEmpty() {
        words = new long[BITS / Long.SIZE];
        added = 0;
        readers++;
        complete = true;
    }

    /** Forgets everything and reads what is stored, on a daemon thread; not before {@link #begin}. */
    synchronized void read(Stored stored) {
        int mine = ++readers;
        complete = false;
        words = new long[BITS / Long.SIZE];
        added = 0;
        Thread reader = new Thread(() -> readNow(stored, mine), "tracebridge-store-ids");
        reader.setDaemon(true);
        if (begun) {
            reader.start();
        } else {
            waiting = reader;
        }
    }

    /** Lets reading begin. */
    synchronized void begin() {
        begun = true;
        if (waiting != null) {
            waiting.start();
            waiting = null;
        }
    }

    private void readNow(Stored stored, int mine) {
        try {
            stored.forEach(this::add);
            synchronized (this) {
                complete = complete || mine == readers;
            }
        } catch (RuntimeException e) {
            // the store was closed, or has no memory now: every trace is looked up, as long as this process lives
            LOG.debug("the ids of stored traces could not be read", e);
        }
    }

    private static int bit(long hash, int probe) {
        return (int) (hash + probe * (hash >>> 32 | 1)) & BITS - 1;
    }

    private static long hash(String text) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        hash = (hash ^ hash >>> 32) * 0x9e3779b97f4a7c15L;
        return hash ^ hash >>> 29;
    }
}
