/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.delivery;

import io.tracebridge.delivery.RecordFormat.Header;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The records of a file that a dead process left. Reads headers and metadata, not bodies; those are checked when they
 * are sent. Ends at the first thing that is no record: a torn tail is what a killed process had not yet been told was
 * accepted.
 */
record SegmentScan(List<Found> records, long bytes) {
    /** A record that is not done. */
    record Found(int offset, int length, int attempts, String category, Map<String, Integer> quantities) {}

    static SegmentScan of(Path path) throws IOException {
        List<Found> records = new ArrayList<>();
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
            long size = file.length();
            long offset = 0;
            while (offset + RecordFormat.HEADER <= size) {
                Header header = header(file, offset);
                if (header == null || offset + header.recordLength() > size) {
                    break;
                }
                Found found = header.state() == RecordFormat.DONE ? null : found(file, (int) offset, header);
                if (found != null) {
                    records.add(found);
                }
                offset += header.recordLength();
            }
            return new SegmentScan(records, size);
        }
    }

    private static @Nullable Header header(RandomAccessFile file, long offset) throws IOException {
        byte[] bytes = new byte[RecordFormat.HEADER];
        file.seek(offset);
        file.readFully(bytes);
        try {
            return RecordFormat.header(bytes);
        } catch (IOException damaged) {
            return null;
        }
    }

    private static @Nullable Found found(RandomAccessFile file, int offset, Header header) throws IOException {
        byte[] bytes = new byte[header.metadataLength()];
        file.readFully(bytes);
        try {
            RecordFormat.Metadata metadata = RecordFormat.metadata(bytes, 0, bytes.length);
            return new Found(offset, header.recordLength(), header.state(), metadata.category(), metadata.quantities());
        } catch (IOException damaged) {
            return null; // its length still leads to the next one
        }
    }
}
