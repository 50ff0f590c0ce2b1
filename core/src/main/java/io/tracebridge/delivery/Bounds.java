/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.delivery;

/**
 * What delivery may take, for each destination; in bytes unless said.
 *
 * @param spool files of payloads
 * @param segment one file; a larger record gets a file of its own
 * @param memory payloads that the disk did not take, and, separately, those on their way to the writer
 * @param deadLetters files of refused payloads
 * @param payloads how many may wait, since each takes about 150 bytes of memory wherever it lies
 */
record Bounds(long spool, int segment, long memory, long deadLetters, int payloads) {
    private static final int MIB = 1024 * 1024;

    static Bounds defaults() {
        long share = Runtime.getRuntime().maxMemory() / 32;
        return new Bounds(64L * MIB, MIB, Math.min(16L * MIB, share), 4L * MIB, 65_536);
    }

    /** The largest record taken: a quarter of the spool, so that one payload never empties it. */
    long largestRecord() {
        return spool / 4;
    }
}
