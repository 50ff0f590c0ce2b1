/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.delivery;

import java.util.Arrays;

/** One record in memory, for as long as there is no disk. */
final class SegmentMemory implements Storage {
    private volatile byte[] record = {};

    @Override
    public int append(byte[] added) {
        record = added;
        return 0;
    }

    @Override
    public byte[] read(int offset, int length) {
        return Arrays.copyOf(record, length);
    }

    @Override
    public void mark(int offset, int state) {
        record[RecordFormat.STATE_OFFSET] = (byte) state;
    }

    @Override
    public boolean durable() {
        return false;
    }

    @Override
    public boolean intact() {
        return true;
    }

    @Override
    public void sync() {}

    @Override
    public void seal() {}

    @Override
    public void close() {}

    @Override
    public void delete() {
        record = new byte[0];
    }
}
