/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.otlp;

import io.opentelemetry.sdk.common.export.MessageWriter;
import io.tracebridge.delivery.Payload;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.UUID;

/** Encoded batches of spans as payloads, and back as what a sender writes. */
final class Batches {
    static final String CATEGORY = "traces";

    /** The fields on the way down: resource_spans, scope_spans, spans. */
    private static final int[] TO_SPANS = {1, 2, 2};

    private Batches() {}

    static Payload payload(MessageWriter writer) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(Math.max(writer.getContentLength(), 1024));
        writer.writeMessage(bytes);
        byte[] body = bytes.toByteArray();
        return new Payload(CATEGORY, UUID.randomUUID().toString(), Map.of(CATEGORY, spans(body)), body);
    }

    /** How many spans a batch holds, which is what is lost with it; 1 when that cannot be read. */
    static int spans(byte[] request) {
        try {
            return Math.max(1, spans(ByteBuffer.wrap(request), 0));
        } catch (BufferUnderflowException | IllegalArgumentException | ArithmeticException e) {
            return 1;
        }
    }

    private static int spans(ByteBuffer message, int level) {
        int spans = 0;
        while (message.hasRemaining()) {
            long tag = Protobuf.varint(message);
            if (tag != (TO_SPANS[level] << 3 | Protobuf.BYTES)) {
                Protobuf.skip(message, (int) tag & 7);
            } else {
                ByteBuffer inner = Protobuf.message(message);
                spans += level == TO_SPANS.length - 1 ? 1 : spans(inner, level + 1);
            }
        }
        return spans;
    }

    static MessageWriter writer(byte[] body) {
        return new MessageWriter() {
            @Override
            public void writeMessage(OutputStream output) throws IOException {
                new ByteArrayInputStream(body).transferTo(output);
            }

            @Override
            public int getContentLength() {
                return body.length;
            }
        };
    }
}
