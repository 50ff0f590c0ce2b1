/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.scrub;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * What stands in the place of a secret: its class, or its class and a keyed hash, so that two occurrences can be
 * joined without knowing the value.
 */
final class Replacement {
    private static final String PREFIX = "[redacted:";
    private static final int HASH_BYTES = 6;

    private final @Nullable SecretKeySpec hashKey;

    Replacement(byte @Nullable [] hashKey) {
        this.hashKey = hashKey == null ? null : new SecretKeySpec(hashKey, "HmacSHA256");
    }

    String of(String secretClass, String secret) {
        String hash = hashKey == null ? null : hash(hashKey, secret);
        return hash == null ? PREFIX + secretClass + "]" : PREFIX + secretClass + ":" + hash + "]";
    }

    /** Whether a replacement starts here: what was replaced once stays as it is. */
    static boolean startsAt(String text, int index) {
        return text.startsWith(PREFIX, index);
    }

    private static @Nullable String hash(SecretKeySpec key, String secret) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            byte[] digest = mac.doFinal(secret.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, HASH_BYTES);
        } catch (GeneralSecurityException noHmac) {
            return null; // the class alone is still safe
        }
    }
}
