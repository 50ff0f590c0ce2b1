/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.otlp;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the one number that matters from an answer to an OTLP trace export: {@code partial_success.rejected_spans}, field
 * 1 in field 1. A backend that takes a batch with 200 and drops half of it says so only there.
 */
final class PartialSuccess {
    private static final int PARTIAL_SUCCESS = 1;
    private static final int REJECTED_SPANS = 1;

    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED32 = 5;

    private PartialSuccess() {}

    /** How many spans were refused; 0 also when the answer is empty or no protobuf. */
    static long rejectedSpans(byte @Nullable [] answer) {
        if (answer == null) {
            return 0;
        }
        try {
            ByteBuffer partial = message(ByteBuffer.wrap(answer));
            return partial == null ? 0 : Math.max(0, rejected(partial));
        } catch (BufferUnderflowException | IllegalArgumentException | ArithmeticException e) {
            return 0; // an HTML page of a proxy, for example
        }
    }

    private static @Nullable ByteBuffer message(ByteBuffer answer) {
        while (answer.hasRemaining()) {
            long tag = varint(answer);
            if (tag == (PARTIAL_SUCCESS << 3 | BYTES)) {
                int length = (int) varint(answer);
                ByteBuffer message = answer.slice();
                message.limit(length);
                return message;
            }
            skip(answer, (int) tag & 7);
        }
        return null;
    }

    private static long rejected(ByteBuffer partial) {
        while (partial.hasRemaining()) {
            long tag = varint(partial);
            if (tag == (REJECTED_SPANS << 3 | VARINT)) {
                return varint(partial);
            }
            skip(partial, (int) tag & 7);
        }
        return 0;
    }

    private static void skip(ByteBuffer buffer, int wireType) {
        switch (wireType) {
            case VARINT -> varint(buffer);
            case FIXED64 -> advance(buffer, 8);
            case BYTES -> advance(buffer, (int) varint(buffer));
            case FIXED32 -> advance(buffer, 4);
            default -> throw new IllegalArgumentException("no protobuf");
        }
    }

    private static void advance(ByteBuffer buffer, int bytes) {
        buffer.position(Math.addExact(buffer.position(), bytes));
    }

    private static long varint(ByteBuffer buffer) {
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
