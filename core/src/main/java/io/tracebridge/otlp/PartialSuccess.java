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
            long tag = Protobuf.varint(answer);
            if (tag == (PARTIAL_SUCCESS << 3 | Protobuf.BYTES)) {
                return Protobuf.message(answer);
            }
            Protobuf.skip(answer, (int) tag & 7);
        }
        return null;
    }

    private static long rejected(ByteBuffer partial) {
        while (partial.hasRemaining()) {
            long tag = Protobuf.varint(partial);
            if (tag == (REJECTED_SPANS << 3 | Protobuf.VARINT)) {
                return Protobuf.varint(partial);
            }
            Protobuf.skip(partial, (int) tag & 7);
        }
        return 0;
    }
}
