/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ingest;

import io.airlift.compress.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.brotli.dec.BrotliInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Unpacks a request body: gzip, deflate (with or without zlib header), brotli, zstd. Stops at the bound, so that a
 * small body cannot become a large one; nothing past the bound is ever allocated.
 */
final class ContentCoding {
    private static final int CHUNK = 16 * 1024;

    /** Telemetry packs 5 to 40 times; past the first megabyte more than this is taken for a bomb. */
    private static final int MAX_RATIO = 100;

    private static final int RATIO_CHECKED_FROM = 1024 * 1024;

    private ContentCoding() {}

    /**
     * Returns the body unpacked; the given array itself when it was not packed.
     * @param encoding the {@code Content-Encoding}; null, empty, {@code identity} and {@code none} mean unpacked
     * @param maxBytes bound of the result
     */
    static byte[] unpack(byte[] body, @Nullable String encoding, int maxBytes) throws RejectedException {
        String name = encoding == null ? "" : encoding.trim().toLowerCase(Locale.ROOT);
        if (isIdentity(name)) {
            if (body.length > maxBytes) {
                throw tooLarge(maxBytes);
            }
            return body;
        }
        try (InputStream unpacked = open(name, body)) {
            return drain(unpacked, body.length, maxBytes);
        } catch (IOException | RuntimeException broken) { // the pure Java decoders throw unchecked on bad input
            throw new RejectedException(RejectReason.MALFORMED, "body is not valid " + name);
        }
    }

    static boolean isIdentity(@Nullable String encoding) {
        return encoding == null || encoding.isBlank() || encoding.equals("identity") || encoding.equals("none");
    }

    private static InputStream open(String name, byte[] body) throws IOException, RejectedException {
        InputStream packed = new ByteArrayInputStream(body);
        return switch (name) {
            case "gzip", "x-gzip" -> new GZIPInputStream(packed, CHUNK);
            case "deflate" -> inflating(packed, new Inflater(!hasZlibHeader(body)));
            case "br" -> new BrotliInputStream(packed, CHUNK);
            case "zstd" -> new ZstdInputStream(packed);
            default ->
                throw new RejectedException(
                        RejectReason.UNSUPPORTED_ENCODING, "content encoding must be gzip, deflate, br or zstd");
        };
    }

    /** The stream ends only an inflater of its own making; ours would keep its native memory until some collection. */
    private static InputStream inflating(InputStream packed, Inflater inflater) {
        return new InflaterInputStream(packed, inflater, CHUNK) {
            @Override
            public void close() throws IOException {
                super.close();
                inflater.end();
            }
        };
    }

    /** {@code deflate} means zlib, but senders that leave the two header bytes out have always existed. */
    private static boolean hasZlibHeader(byte[] body) {
        return body.length >= 2 && (body[0] & 0x0f) == 8 && (((body[0] & 0xff) << 8) | (body[1] & 0xff)) % 31 == 0;
    }

    private static byte[] drain(InputStream from, int packedBytes, int maxBytes) throws IOException, RejectedException {
        byte[] buffer = new byte[(int) Math.min(maxBytes, Math.max(CHUNK, 4L * packedBytes))];
        int size = 0;
        while (true) {
            if (size == buffer.length) {
                if (size == maxBytes) {
                    if (from.read() >= 0) {
                        throw tooLarge(maxBytes);
                    }
                    return buffer;
                }
                buffer = Arrays.copyOf(buffer, (int) Math.min(maxBytes, 2L * size));
            }
            int read = from.read(buffer, size, Math.min(buffer.length - size, 8 * CHUNK));
            if (read < 0) {
                return size == buffer.length ? buffer : Arrays.copyOf(buffer, size);
            }
            size += read;
            if (size > RATIO_CHECKED_FROM && size / MAX_RATIO > packedBytes) {
                throw new RejectedException(
                        RejectReason.TOO_LARGE, "body unpacks to more than " + MAX_RATIO + " times its size");
            }
        }
    }

    private static RejectedException tooLarge(int maxBytes) {
        return new RejectedException(RejectReason.TOO_LARGE, "body is larger than " + maxBytes + " bytes");
    }
}
