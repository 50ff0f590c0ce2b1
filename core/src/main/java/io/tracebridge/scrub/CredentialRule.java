/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.scrub;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Credentials by where they stand: behind {@code Bearer} or {@code Basic}, and before the host of a URL. */
final class CredentialRule implements ValueRule {
    private static final Pattern SCHEME = Pattern.compile("(?i)\\b(bearer|basic)(\\s{1,8}+|%20)([\\w+/=.~-]{6,}+)");
    private static final String AUTHORITY_ENDS = "/?# \t\r\n\"'<>\\";

    @Override
    public boolean mayApply(TextProfile profile) {
        return profile.at() || profile.longestToken() >= 6;
    }

    @Override
    public String apply(String text, Replacement replacement) {
        return userInfo(scheme(text, replacement), replacement);
    }

    private static String scheme(String text, Replacement replacement) {
        if (!text.contains("earer") && !text.contains("asic") && !text.contains("EARER") && !text.contains("ASIC")) {
            return text;
        }
        Rewrite rewrite = new Rewrite(text);
        Matcher matcher = SCHEME.matcher(text);
        while (matcher.find()) {
            boolean basic = matcher.group(1).equalsIgnoreCase("basic");
            String credential = matcher.group(3);
            if (basic ? isBasic(credential) : isBearer(credential)) {
                String secretClass = basic ? "basic-auth" : "bearer-token";
                rewrite.replace(matcher.start(3), matcher.end(3), replacement.of(secretClass, credential));
            }
        }
        return rewrite.done();
    }

    /** "Bearer authentication" is prose; a token has a digit or is longer than words are. */
    private static boolean isBearer(String credential) {
        return credential.length() >= 20 || credential.chars().anyMatch(c -> TextProfile.isDigit((char) c));
    }

    /** "Basic validation" is prose; a credential decodes to {@code user:password}. */
    private static boolean isBasic(String credential) {
        try {
            byte[] decoded = Base64.getDecoder().decode(credential);
            return new String(decoded, StandardCharsets.ISO_8859_1).indexOf(':') >= 0;
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
    }

    private static String userInfo(String text, Replacement replacement) {
        if (!text.contains("://")) {
            return text;
        }
        Rewrite rewrite = new Rewrite(text);
        int at = text.indexOf("://");
        while (at >= 0) {
            int start = at + 3;
            int end = start;
            int host = -1;
            while (end < text.length() && AUTHORITY_ENDS.indexOf(text.charAt(end)) < 0) {
                if (text.charAt(end) == '@') {
                    host = end;
                }
                end++;
            }
            if (host > start && !Replacement.startsAt(text, start)) {
                rewrite.replace(start, host, replacement.of("userinfo", text.substring(start, host)));
            }
            at = text.indexOf("://", Math.max(end, start));
        }
        return rewrite.done();
    }
}
