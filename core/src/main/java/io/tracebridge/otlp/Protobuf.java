/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.otlp;

import java.nio.ByteBuffer;

/**
 * The little of protobuf's wire format that is needed to look into messages without their classes. All throw
 * {@link java.nio.BufferUnderflowException}, {@link IllegalArgumentException} or {@link ArithmeticException} for what is
 * no protobuf.
 */
final class Protobuf {
    static final int VARINT = 0;
    static final int BYTES = 2;
    private static final int FIXED64 = 1;
    private static final int FIXED32 = 5;

    private Protobuf() {}

    /** The message whose length comes next; the buffer moves behind it. */
    static ByteBuffer message(ByteBuffer buffer) {
        int length = (int) varint(buffer);
        ByteBuffer message = buffer.slice();
        message.limit(length);
        advance(buffer, length);
        return message;
    }

    /** Moves behind a field whose tag has been read. */
    static void skip(ByteBuffer buffer, int wireType) {
        switch (wireType) {
            case VARINT -> varint(buffer);
            case FIXED64 -> advance(buffer, 8);
            case BYTES -> advance(buffer, (int) varint(buffer));
            case FIXED32 -> advance(buffer, 4);
            default -> throw new IllegalArgumentException("no protobuf");
        }
    }

    // a length below zero would go back and read the same field for ever
    private static void advance(ByteBuffer buffer, int bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("no protobuf");
        }
        buffer.position(Math.addExact(buffer.position(), bytes));
    }

    /** A number of one to ten bytes, the lowest seven bits first. */
    static long varint(ByteBuffer buffer) {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte next = buffer.get();
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("no varint");
    }
}
