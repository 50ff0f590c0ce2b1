/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.otlp;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * Tells destinations apart that share an endpoint and differ by the key in a header: what one tenant left behind must
 * not reach another. The headers enter as a slow hash, so the identity holds no credential and gives none away.
 */
final class OtlpIdentity {
    private static final int ROUNDS = 20_000; // about 10 ms, once per exporter

    private OtlpIdentity() {}

    static String of(URI endpoint, Supplier<Map<String, List<String>>> headers) {
        // no user info and no query: credentials live there
        String place =
                endpoint.getScheme() + "://" + endpoint.getHost() + ":" + endpoint.getPort() + endpoint.getPath();
        return "otlp " + place + " " + fingerprint(place, headers.get());
    }

    private static String fingerprint(String salt, Map<String, List<String>> headers) {
        TreeMap<String, List<String>> sorted = new TreeMap<>();
        headers.forEach((name, values) -> sorted.put(name.toLowerCase(Locale.ROOT), values));
        sorted.remove("user-agent"); // names the SDK's version, which an upgrade changes
        if (sorted.isEmpty()) {
            return "open";
        }
        PBEKeySpec spec =
                new PBEKeySpec(sorted.toString().toCharArray(), salt.getBytes(StandardCharsets.UTF_8), ROUNDS, 128);
        try {
            return HexFormat.of()
                    .formatHex(SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                            .generateSecret(spec)
                            .getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has this algorithm", e);
        } finally {
            spec.clearPassword();
        }
    }
}
