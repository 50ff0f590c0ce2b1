/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ingest.grouping;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Replaces what varies in a message by what it is: {@code User 42 not found} becomes {@code User <int> not found}.
 *
 * <p>One pass over words, each looked at a fixed number of times: linear in the text, whatever the text is. Looks at
 * the first two lines that are not blank, {@value #MAX_LENGTH} characters at most.
 */
public final class MessageParameters {
    private static final int MAX_LENGTH = 8 * 1024;
    private static final int LINES = 2;

    /** A word longer than this is no word; it is kept by its beginning. */
    private static final int MAX_WORD = 512;

    private static final Set<String> DURATION_UNITS =
            Set.of("ns", "us", "µs", "ms", "s", "sec", "secs", "m", "min", "mins", "h", "hr", "hrs", "d", "days");
    private static final Set<String> SIZE_UNITS = Set.of("b", "kb", "mb", "gb", "tb", "kib", "mib", "gib", "tib");

    private MessageParameters() {}

    /** The message with its parameters replaced; empty for a blank message. */
    public static String replaced(String message) {
        String text = firstLines(message);
        StringBuilder result = new StringBuilder(text.length());
        int i = 0;
        boolean afterEquals = false;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (afterEquals && (c == '"' || c == '\'')) {
                int end = text.indexOf(c, i + 1);
                if (end > 0) {
                    result.append("<quoted>");
                    i = end + 1;
                    afterEquals = false;
                    continue;
                }
            }
            if (isWordPart(c)) {
                int end = i + 1;
                while (end < text.length() && isWordPart(text.charAt(end))) {
                    end++;
                }
                if (text.substring(i, end).contains("://")) {
                    end = urlEnd(text, end);
                }
                appendWord(text.substring(i, end), afterEquals, result);
                i = end;
                afterEquals = false;
                continue;
            }
            result.append(c);
            afterEquals = c == '=';
            i++;
        }
        return result.toString();
    }

    private static String firstLines(String message) {
        String bounded = message.length() <= MAX_LENGTH ? message : message.substring(0, MAX_LENGTH);
        return String.join(
                "\n",
                bounded.lines()
                        .map(String::strip)
                        .filter(line -> !line.isEmpty())
                        .limit(LINES)
                        .toList());
    }

    /** A query may hold what ends any other word. */
    private static int urlEnd(String text, int from) {
        int end = from;
        while (end < text.length()
                && !Character.isWhitespace(text.charAt(end))
                && "\"'<>)]}".indexOf(text.charAt(end)) < 0) {
            end++;
        }
        return end;
    }

    private static boolean isWordPart(char c) {
        return Character.isLetterOrDigit(c)
                || c == '-'
                || c == '_'
                || c == '.'
                || c == ':'
                || c == '/'
                || c == '@'
                || c == '+'
                || c == '%'
                || c == '?'
                || c == '&'
                || c == '~'
                || c == '#';
    }

    private static void appendWord(String word, boolean afterEquals, StringBuilder into) {
        int start = 0;
        int end = word.length();
        while (end > start && isTrailingPunctuation(word.charAt(end - 1))) {
            end--;
        }
        while (start < end && isLeadingPunctuation(word.charAt(start))) {
            start++;
        }
        String core = word.substring(start, end);
        into.append(word, 0, start);
        String parameter = core.length() > MAX_WORD ? "<text>" : parameter(core, afterEquals);
        if (parameter != null) {
            into.append(parameter);
        } else {
            appendParts(core, into);
        }
        into.append(word, end, word.length());
    }

    private static boolean isTrailingPunctuation(char c) {
        return c == '.' || c == ':' || c == '?' || c == '-' || c == '/' || c == '&';
    }

    private static boolean isLeadingPunctuation(char c) {
        return c == '#' || c == '.' || c == ':' || c == '?' || c == '&';
    }

    private static @Nullable String parameter(String word, boolean afterEquals) {
        if (word.isEmpty()) {
            return null;
        }
        if (word.contains("://")) {
            return "<url>";
        }
        if (isEmail(word)) {
            return "<email>";
        }
        if (afterEquals && (word.equalsIgnoreCase("true") || word.equalsIgnoreCase("false"))) {
            return "<bool>";
        }
        boolean hasDigit = word.chars().anyMatch(MessageParameters::isDigit);
        if (!hasDigit) {
            return isHostname(word) ? "<hostname>" : null;
        }
        return numeric(word);
    }

    private static @Nullable String numeric(String word) {
        if (isUuid(word)) {
            return "<uuid>";
        }
        if (isIp(word)) {
            return "<ip>";
        }
        if (isDate(word)) {
            return "<date>";
        }
        if (isHex(word)) {
            return switch (word.length()) {
                case 32 -> "<md5>";
                case 40 -> "<sha1>";
                default -> "<hex>";
            };
        }
        return number(word);
    }

    /** Path segments and dotted or dashed names: {@code /scenes/42/images} keeps its words. */
    private static void appendParts(String word, StringBuilder into) {
        int start = 0;
        for (int i = 0; i <= word.length(); i++) {
            if (i < word.length() && !isSeparator(word.charAt(i))) {
                continue;
            }
            String part = word.substring(start, i);
            String parameter = part.isEmpty() || part.length() == word.length() ? null : partParameter(part);
            into.append(parameter == null ? withoutDigitTail(part) : parameter);
            if (i < word.length()) {
                into.append(word.charAt(i));
            }
            start = i + 1;
        }
    }

    private static @Nullable String partParameter(String part) {
        return part.chars().anyMatch(MessageParameters::isDigit) ? numeric(part) : null;
    }

    /** {@code request-17b} is a name with an id at its end as often as not; {@code h264} and {@code utf8} are names. */
    private static String withoutDigitTail(String part) {
        int digits = 0;
        while (digits < part.length() && isDigit(part.charAt(part.length() - 1 - digits))) {
            digits++;
        }
        return digits >= 4 ? part.substring(0, part.length() - digits) + "<int>" : part;
    }

    private static boolean isSeparator(char c) {
        return c == '/' || c == ':' || c == '?' || c == '&' || c == '#' || c == '@' || c == '_' || c == '-';
    }

    private static @Nullable String number(String word) {
        int i = word.charAt(0) == '-' || word.charAt(0) == '+' ? 1 : 0;
        int digits = 0;
        int dots = 0;
        while (i < word.length() && (isDigit(word.charAt(i)) || word.charAt(i) == '.')) {
            if (word.charAt(i) == '.') {
                dots++;
            } else {
                digits++;
            }
            i++;
        }
        if (digits == 0) {
            return null;
        }
        String rest = word.substring(i).toLowerCase(Locale.ROOT);
        if (rest.isEmpty()) {
            return dots == 0 ? "<int>" : dots == 1 ? "<float>" : "<version>";
        }
        if (rest.equals("%")) {
            return "<percent>";
        }
        if (DURATION_UNITS.contains(rest)) {
            return "<duration>";
        }
        if (SIZE_UNITS.contains(rest)) {
            return "<size>";
        }
        return isExponent(rest) ? "<float>" : null;
    }

    private static boolean isExponent(String rest) {
        if (rest.length() < 2 || rest.charAt(0) != 'e') {
            return false;
        }
        int start = rest.charAt(1) == '-' || rest.charAt(1) == '+' ? 2 : 1;
        return start < rest.length() && rest.substring(start).chars().allMatch(MessageParameters::isDigit);
    }

    private static boolean isEmail(String word) {
        int at = word.indexOf('@');
        return at > 0 && at == word.lastIndexOf('@') && word.indexOf('.', at) > at + 1;
    }

    /** At least two dots and a last label of letters; one dot is as often a class or a file. */
    private static boolean isHostname(String word) {
        if (word.indexOf('/') >= 0 || word.indexOf('_') >= 0 || word.chars().anyMatch(Character::isUpperCase)) {
            return false;
        }
        return word.endsWith(".com") || word.endsWith(".net") || word.endsWith(".internal") || word.endsWith(".local");
    }

    private static boolean isUuid(String word) {
        if (word.length() != 36) {
            return false;
        }
        for (int i = 0; i < 36; i++) {
            boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
            if (dash ? word.charAt(i) != '-' : !isHexDigit(word.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isIp(String word) {
        int colons = count(word, ':');
        if (colons >= 3) {
            return word.chars().allMatch(c -> isHexDigit(c) || c == ':' || c == '.');
        }
        int end = colons == 1 ? word.indexOf(':') : word.length();
        if (end < 7 || end > 15 || count(word, '.') != 3) {
            return false;
        }
        return word.chars().allMatch(c -> isDigit(c) || c == '.' || c == ':');
    }

    private static boolean isDate(String word) {
        if (word.length() >= 10 && word.charAt(4) == '-' && word.charAt(7) == '-') {
            return word.substring(0, 10).chars().allMatch(c -> isDigit(c) || c == '-');
        }
        boolean time = count(word, ':') >= 1 && word.length() >= 4;
        return time && word.chars().allMatch(c -> isDigit(c) || c == ':' || c == '.' || c == 'Z');
    }

    /** {@code 0x1f}, or at least 8 hex digits with both letters and digits. */
    private static boolean isHex(String word) {
        boolean prefixed = word.startsWith("0x") || word.startsWith("0X");
        String digits = prefixed ? word.substring(2) : word;
        if (digits.isEmpty() || !digits.chars().allMatch(MessageParameters::isHexDigit)) {
            return false;
        }
        boolean decimal = digits.chars().allMatch(MessageParameters::isDigit);
        return prefixed || digits.length() == 32 || digits.length() == 40 || (digits.length() >= 8 && !decimal);
    }

    private static int count(String word, char wanted) {
        return (int) word.chars().filter(c -> c == wanted).count();
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isHexDigit(int c) {
        return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    }
}
