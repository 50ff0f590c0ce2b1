/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.delivery;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * A payload as it lies in a file: magic (4 bytes), state (1), zeros (3), length of the metadata (4), length of the body
 * (4), CRC32C of lengths, metadata and body (4), metadata, body; big-endian.
 *
 * <p>The state is the number of attempts, or {@link #DONE}. It is outside the checksum so that one byte written in place
 * can change it: a crash leaves the old value or the new one, never a broken record.
 */
final class RecordFormat {
    static final int HEADER = 20;
    static final int STATE_OFFSET = 4;
    static final int DONE = 0xFF;
    static final int MAX_ATTEMPTS = 0xFE;
    static final int MAGIC = 0x54425231; // TBR1
    /** No category, id or quantity of ours comes near; a larger number is a damaged header. */
    static final int MAX_METADATA = 256 * 1024;

    private RecordFormat() {}

    /** The part of a record that says how much follows. */
    record Header(int state, int metadataLength, int bodyLength, int checksum) {
        int recordLength() {
            return HEADER + metadataLength + bodyLength;
        }
    }

    /** Metadata without the body. */
    record Metadata(String category, String id, long acceptedAtMillis, Map<String, Integer> quantities) {}

    static byte[] encode(Payload payload, long acceptedAtMillis) {
        byte[] metadata = metadata(payload, acceptedAtMillis);
        byte[] body = payload.body();
        ByteBuffer record = ByteBuffer.allocate(HEADER + metadata.length + body.length);
        record.putInt(MAGIC).putInt(0).putInt(metadata.length).putInt(body.length);
        record.putInt(0).put(metadata).put(body);
        byte[] bytes = record.array();
        record.putInt(HEADER - 4, checksum(bytes));
        return bytes;
    }

    /**
     * The header at the start of these bytes.
     * @throws IOException if they are not one
     */
    static Header header(byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        if (buffer.remaining() < HEADER || buffer.getInt() != MAGIC) {
            throw new IOException("not a record");
        }
        int state = buffer.get() & 0xFF;
        buffer.position(8);
        Header header = new Header(state, buffer.getInt(), buffer.getInt(), buffer.getInt());
        if (header.metadataLength < 0
                || header.metadataLength > MAX_METADATA
                || header.bodyLength < 0
                || header.bodyLength > Integer.MAX_VALUE - HEADER - MAX_METADATA) {
            throw new IOException("damaged header");
        }
        return header;
    }

    /**
     * The payload of a whole record.
     * @throws IOException if it is damaged
     */
    static Payload decode(byte[] record) throws IOException {
        Header header = header(record);
        if (header.recordLength() != record.length || header.checksum != checksum(record)) {
            throw new IOException("damaged record");
        }
        Metadata metadata = metadata(record, HEADER, header.metadataLength);
        byte[] body = new byte[header.bodyLength];
        System.arraycopy(record, HEADER + header.metadataLength, body, 0, body.length);
        return new Payload(metadata.category, metadata.id, metadata.quantities, body);
    }

    static Metadata metadata(byte[] bytes, int offset, int length) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes, offset, length));
        String category = in.readUTF();
        String id = in.readUTF();
        long acceptedAt = in.readLong();
        int count = in.readUnsignedShort();
        Map<String, Integer> quantities = new HashMap<>();
        for (int i = 0; i < count; i++) {
            quantities.put(in.readUTF(), in.readInt());
        }
        return new Metadata(category, id, acceptedAt, quantities);
    }

    private static byte[] metadata(Payload payload, long acceptedAtMillis) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(96);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeUTF(payload.category());
            out.writeUTF(payload.id());
            out.writeLong(acceptedAtMillis);
            out.writeShort(payload.quantities().size());
            for (Map.Entry<String, Integer> quantity : payload.quantities().entrySet()) {
                out.writeUTF(quantity.getKey());
                out.writeInt(quantity.getValue());
            }
        } catch (IOException e) {
            // a name over 64 kB
            throw new IllegalArgumentException("payload metadata too large", e);
        }
        return bytes.toByteArray();
    }

    private static int checksum(byte[] record) {
        CRC32C crc = new CRC32C();
        crc.update(record, 8, 8);
        crc.update(record, HEADER, record.length - HEADER);
        return (int) crc.getValue();
    }
}
