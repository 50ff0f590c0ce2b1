/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ingest;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Trace, span and event ids: lower-case hex, never all zeros. */
final class Ids {
    static final int TRACE_BYTES = 16;
    static final int SPAN_BYTES = 8;

    private Ids() {}

    /** Null when the bytes are no id: of another length, or all zeros. */
    static @Nullable String hex(ByteString id, int bytes) {
        if (id.size() != bytes) {
            return null;
        }
        String hex = HexFormat.of().formatHex(id.toByteArray());
        return isZero(hex) ? null : hex;
    }

    /** Lower-case hex without dashes; null when the text is no id of that many bytes. */
    static @Nullable String hex(@Nullable String text, int bytes) {
        if (text == null || text.length() > 64) {
            return null;
        }
        String hex = text.replace("-", "").toLowerCase(Locale.ROOT);
        boolean wellFormed = hex.length() == 2 * bytes && hex.chars().allMatch(Ids::isHexDigit);
        return wellFormed && !isZero(hex) ? hex : null;
    }

    static String random() {
        return UUID.randomUUID().toString().replace("-", "");
    }

    /** 32 hex digits that depend on the parts alone, so that a repeated delivery names the same event. */
    static String derived(String... parts) {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
        for (String part : parts) {
            digest.update(part.getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0xff); // no byte of UTF-8: parts cannot run into each other
        }
        return HexFormat.of().formatHex(digest.digest(), 0, TRACE_BYTES);
    }

    private static boolean isZero(String hex) {
        return hex.chars().allMatch(c -> c == '0');
    }

    private static boolean isHexDigit(int c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    }
}
