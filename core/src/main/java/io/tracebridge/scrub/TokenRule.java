/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.scrub;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Credentials that betray themselves by their first characters: JSON web tokens and the keys of well-known providers.
 * Each pattern is tried only where its literal prefix stands at the start of a word, and is possessive throughout.
 */
final class TokenRule implements ValueRule {
    private record Shape(String secretClass, String prefix, Pattern pattern, boolean dashes) {
        static Shape of(String secretClass, String prefix, String rest) {
            Pattern pattern = Pattern.compile(Pattern.quote(prefix) + rest);
            return new Shape(secretClass, prefix, pattern, rest.startsWith("[\\w-]"));
        }

        /** The run of characters that the pattern went over in vain: no later start inside it can do better. */
        int endOfRun(String text, int from) {
            int end = from;
            while (end < text.length() && isPart(text.charAt(end))) {
                end++;
            }
            return end;
        }

        private boolean isPart(char c) {
            return TextProfile.isAlphanumeric(c) || c == '_' || (dashes && c == '-');
        }
    }

    /** Shorter than any credential below. */
    private static final int SHORTEST = 12;

    private static final List<Shape> SHAPES = List.of(
            Shape.of("jwt", "eyJ", "[\\w-]{8,}+\\.[\\w-]{8,}+(?:\\.[\\w-]*+)?+"),
            Shape.of("api-key", "sk-", "[\\w-]{16,}+"),
            Shape.of("api-key", "sk_live_", "\\w{10,}+"),
            Shape.of("api-key", "sk_test_", "\\w{10,}+"),
            Shape.of("api-key", "rk_live_", "\\w{10,}+"),
            Shape.of("api-key", "gsk_", "\\w{16,}+"),
            Shape.of("api-key", "xai-", "[\\w-]{16,}+"),
            Shape.of("api-key", "hf_", "\\w{16,}+"),
            Shape.of("api-key", "AIza", "[\\w-]{35,}+"),
            Shape.of("github-token", "ghp_", "\\w{20,}+"),
            Shape.of("github-token", "gho_", "\\w{20,}+"),
            Shape.of("github-token", "ghu_", "\\w{20,}+"),
            Shape.of("github-token", "ghs_", "\\w{20,}+"),
            Shape.of("github-token", "ghr_", "\\w{20,}+"),
            Shape.of("github-token", "github_pat_", "\\w{16,}+"),
            Shape.of("gitlab-token", "glpat-", "[\\w-]{16,}+"),
            Shape.of("slack-token", "xoxa-", "[\\w-]{8,}+"),
            Shape.of("slack-token", "xoxb-", "[\\w-]{8,}+"),
            Shape.of("slack-token", "xoxp-", "[\\w-]{8,}+"),
            Shape.of("slack-token", "xoxr-", "[\\w-]{8,}+"),
            Shape.of("slack-token", "xoxs-", "[\\w-]{8,}+"),
            Shape.of("aws-key", "AKIA", "[0-9A-Z]{16}+(?![0-9A-Z])"),
            Shape.of("aws-key", "ASIA", "[0-9A-Z]{16}+(?![0-9A-Z])"));

    @Override
    public boolean mayApply(TextProfile profile) {
        return profile.longestToken() >= SHORTEST;
    }

    @Override
    public String apply(String text, Replacement replacement) {
        String result = text;
        for (Shape shape : SHAPES) {
            if (result.contains(shape.prefix())) {
                result = apply(result, shape, replacement);
            }
        }
        return result;
    }

    private static String apply(String text, Shape shape, Replacement replacement) {
        Rewrite rewrite = new Rewrite(text);
        Matcher matcher = shape.pattern().matcher(text);
        int at = text.indexOf(shape.prefix());
        while (at >= 0) {
            int next = at + shape.prefix().length();
            boolean wordStart = at == 0 || !TextProfile.isAlphanumeric(text.charAt(at - 1));
            if (wordStart && matcher.region(at, text.length()).lookingAt()) {
                rewrite.replace(at, matcher.end(), replacement.of(shape.secretClass(), matcher.group()));
                next = matcher.end();
            } else if (wordStart) {
                next = Math.max(next, shape.endOfRun(text, at)); // one try per run keeps the search linear
            }
            at = text.indexOf(shape.prefix(), next);
        }
        return rewrite.done();
    }
}
