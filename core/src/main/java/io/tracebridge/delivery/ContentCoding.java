/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.delivery;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.GZIPOutputStream;

/**
 * How a body is packed on its way.
 * @param name the value of {@code Content-Encoding}
 * @param encoder wraps a stream so that what is written comes out packed
 * @since 0.1
 */
public record ContentCoding(String name, Encoder encoder) {
    /** What every backend takes. */
    public static final ContentCoding GZIP = new ContentCoding("gzip", GZIPOutputStream::new);

    byte[] encode(byte[] body) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(Math.max(512, body.length / 4));
        try (OutputStream packing = encoder.over(bytes)) {
            packing.write(body);
        }
        return bytes.toByteArray();
    }

    /** Packs what is written. */
    @FunctionalInterface
    public interface Encoder {
        /** A stream whose close writes the rest. */
        OutputStream over(OutputStream packed) throws IOException;
    }
}
