/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ui;

import com.linecorp.armeria.common.MediaType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * One static file in both of its forms, compressed once when it is read.
 *
 * @param plain the bytes as they are on the class path
 * @param gzip the bytes compressed, or null where that would not make them smaller
 * @param etag a strong tag, quoted, of the plain bytes
 */
record Asset(byte[] plain, byte @Nullable [] gzip, String etag, MediaType type) {
    private static final Map<String, MediaType> TYPES = Map.of(
            "html", MediaType.HTML_UTF_8,
            "js", MediaType.parse("text/javascript; charset=utf-8"),
            "css", MediaType.CSS_UTF_8,
            "svg", MediaType.SVG_UTF_8);

    static Asset of(String name, byte[] plain) {
        byte[] packed = pack(plain);
        return new Asset(plain, packed.length < plain.length ? packed : null, tag(plain), type(name));
    }

    /** Only kinds of files that pages are made of are served; anything else on the class path is none of a browser's business. */
    static boolean isServed(String name) {
        return TYPES.containsKey(extension(name));
    }

    private static MediaType type(String name) {
        return TYPES.getOrDefault(extension(name), MediaType.OCTET_STREAM);
    }

    private static String extension(String name) {
        return name.substring(name.lastIndexOf('.') + 1);
    }

    private static byte[] pack(byte[] plain) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(plain.length / 3);
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(plain);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    private static String tag(byte[] plain) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(plain);
            return '"' + HexFormat.of().formatHex(hash, 0, 8) + '"';
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
