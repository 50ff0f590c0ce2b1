/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.scrub;

/** Long blocks nobody reads: private keys in PEM, and base64, which is also how pictures and files travel. */
final class BlockRule implements ValueRule {
    private static final String PEM_BEGIN = "-----BEGIN ";
    private static final String PEM_END = "-----END ";
    private static final int LONG_BASE64 = 256;

    @Override
    public boolean mayApply(TextProfile profile) {
        return profile.longestToken() >= 5 && (profile.dash() || profile.longestToken() > LONG_BASE64);
    }

    @Override
    public String apply(String text, Replacement replacement) {
        String withoutKeys = text.contains(PEM_BEGIN) ? pem(text, replacement) : text;
        return base64(withoutKeys);
    }

    private static String pem(String text, Replacement replacement) {
        Rewrite rewrite = new Rewrite(text);
        int begin = text.indexOf(PEM_BEGIN);
        while (begin >= 0) {
            int label = text.indexOf("-----", begin + PEM_BEGIN.length());
            boolean isPrivate = label > 0
                    && label - begin < 80
                    && text.substring(begin, label).contains("PRIVATE KEY");
            int end = isPrivate ? endOfPem(text, begin) : begin + PEM_BEGIN.length();
            if (isPrivate) {
                rewrite.replace(begin, end, replacement.of("private-key", text.substring(begin, end)));
            }
            begin = text.indexOf(PEM_BEGIN, end);
        }
        return rewrite.done();
    }

    /** An end line that was cut off hides everything after the beginning. */
    private static int endOfPem(String text, int begin) {
        int end = text.indexOf(PEM_END, begin);
        int close = end < 0 ? -1 : text.indexOf("-----", end + PEM_END.length());
        return close < 0 ? text.length() : close + 5;
    }

    private static String base64(String text) {
        Rewrite rewrite = new Rewrite(text);
        int start = 0;
        while (start < text.length()) {
            int end = start;
            while (end < text.length() && isBase64(text.charAt(end))) {
                end++;
            }
            if (end - start > LONG_BASE64 && isMixed(text, start, end)) {
                rewrite.replace(start, end, "[base64 " + (end - start) * 3L / 4 + " bytes]");
            }
            start = end + 1;
        }
        return rewrite.done();
    }

    private static boolean isBase64(char c) {
        return TextProfile.isToken(c) || c == '=';
    }

    /** A long run of one letter or a path is not base64; encoded bytes have digits and both cases within a line. */
    private static boolean isMixed(String text, int start, int end) {
        boolean upper = false;
        boolean lower = false;
        boolean digit = false;
        for (int i = start; i < end && !(upper && lower && digit); i++) {
            char c = text.charAt(i);
            upper |= c >= 'A' && c <= 'Z';
            lower |= c >= 'a' && c <= 'z';
            digit |= TextProfile.isDigit(c);
        }
        return upper && lower && digit;
    }
}
