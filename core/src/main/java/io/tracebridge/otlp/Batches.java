/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.otlp;

import io.opentelemetry.sdk.common.export.MessageWriter;
import io.tracebridge.delivery.Payload;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.UUID;

/** Encoded batches of spans as payloads, and back as what a sender writes. */
final class Batches {
    static final String CATEGORY = "traces";

    private Batches() {}

    static Payload payload(MessageWriter writer) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(Math.max(writer.getContentLength(), 1024));
        writer.writeMessage(bytes);
        return new Payload(CATEGORY, UUID.randomUUID().toString(), Map.of(CATEGORY, 1), bytes.toByteArray());
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
