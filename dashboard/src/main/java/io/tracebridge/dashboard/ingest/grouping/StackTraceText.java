/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ingest.grouping;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a printed stack trace back into exceptions and frames: Java and other JVM languages, .NET and JavaScript
 * (all print {@code at …}), and Python. Anything else gives no frames, and the message decides the issue.
 *
 * <p>One pass over the lines, bounded in frames and causes.
 */
public final class StackTraceText {
    private static final int MAX_TEXT = 256 * 1024;
    private static final int MAX_FRAMES = 512;
    private static final int MAX_CHAIN = 16;
    private static final String PYTHON = "Traceback (most recent call last):";
    private static final String CAUSED_BY = "Caused by: ";
    private static final String DOTS = "... ";
    private static final String MORE = " more";

    private StackTraceText() {}

    /**
     * The thrown exception first, then its causes.
     * @param type of the exception, as stated beside the text; wins over what the text says
     */
    public static List<Thrown> read(String type, String message, String text) {
        String bounded = text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT);
        List<Thrown> chain = bounded.contains(PYTHON) ? python(bounded) : new AtLines().read(bounded);
        if (chain.isEmpty()) {
            return type.isEmpty() ? List.of() : List.of(new Thrown(type, message, List.of()));
        }
        Thrown thrown = chain.get(0);
        chain.set(
                0,
                new Thrown(
                        isSameType(type, thrown.type()) ? thrown.type() : type,
                        message.isEmpty() ? thrown.message() : message,
                        thrown.frames()));
        return List.copyOf(chain);
    }

    /** OpenTelemetry states {@code Outer.Inner} where the printout has {@code Outer$Inner}, the name that is unambiguous. */
    private static boolean isSameType(String stated, String printed) {
        return stated.isEmpty() || stated.replace('$', '.').equals(printed.replace('$', '.'));
    }

    /** The state of one reading of {@code at} lines. */
    private static final class AtLines {
        private final List<Thrown> chain = new ArrayList<>();
        private String header = "";
        private List<CodeFrame> frames = new ArrayList<>();
        private boolean started;

        List<Thrown> read(String text) {
            int suppressedIndent = Integer.MAX_VALUE;
            for (String line : (Iterable<String>) text.lines()::iterator) {
                String content = line.strip();
                int indent = line.length() - line.stripLeading().length();
                if (indent >= suppressedIndent) {
                    continue; // a suppressed exception is not on the way from the cause to the throw
                }
                suppressedIndent = content.startsWith("Suppressed: ") ? indent : Integer.MAX_VALUE;
                if (suppressedIndent == Integer.MAX_VALUE && chain.size() < MAX_CHAIN) {
                    line(content);
                }
            }
            finish();
            return chain;
        }

        private void line(String content) {
            if (content.startsWith("at ")) {
                CodeFrame frame = frame(content.substring(3));
                if (frame != null && frames.size() < MAX_FRAMES) {
                    frames.add(frame);
                }
                started = true;
            } else if (content.startsWith(CAUSED_BY)) {
                finish();
                header = content.substring(CAUSED_BY.length());
                started = true;
            } else if (content.startsWith(DOTS) && content.endsWith(MORE)) {
                addFramesInCommon(content);
            } else if (!started && !content.isEmpty()) {
                header = content;
                started = true; // further lines belong to a message of several lines
            }
        }

        private void finish() {
            if (header.isEmpty() && frames.isEmpty()) {
                return;
            }
            int colon = header.indexOf(": ");
            String type = colon < 0 ? header : header.substring(0, colon);
            String message = colon < 0 ? "" : header.substring(colon + 2);
            boolean typeLike = !type.isEmpty() && type.indexOf(' ') < 0;
            chain.add(new Thrown(typeLike ? type : "", typeLike ? message : header, frames));
            header = "";
            frames = new ArrayList<>();
        }

        /** {@code ... 12 more}: the last twelve frames of the enclosing exception, which a printout leaves out. */
        private void addFramesInCommon(String content) {
            int end = content.length() - MORE.length();
            // in "... more" the two share their blank
            if (chain.isEmpty() || end < DOTS.length()) {
                return;
            }
            String digits = content.substring(DOTS.length(), end);
            if (digits.isEmpty() || digits.length() > 6 || !digits.chars().allMatch(Character::isDigit)) {
                return;
            }
            List<CodeFrame> enclosing = chain.get(chain.size() - 1).frames();
            int from = Math.max(0, enclosing.size() - Integer.parseInt(digits));
            int room = Math.max(0, MAX_FRAMES - frames.size());
            frames.addAll(enclosing.subList(from, Math.min(enclosing.size(), from + room)));
        }
    }

    private static @Nullable CodeFrame frame(String text) {
        String call = text.startsWith("async ") ? text.substring(6) : text;
        int open = call.indexOf('(');
        int close = call.lastIndexOf(')');
        if (open < 0 || close < open) {
            return call.isBlank() ? null : location("", "", call);
        }
        String name = withoutModulePrefix(call.substring(0, open).strip());
        String inside = call.substring(open + 1, close);
        int dotnetPlace = call.indexOf(" in ", close);
        if (dotnetPlace > 0) {
            return split(name, call.substring(dotnetPlace + 4).replace(":line ", ":"));
        }
        return count(inside, ':') >= 2 ? location("", name, inside) : split(name, inside);
    }

    private static CodeFrame split(String name, String place) {
        int dot = name.lastIndexOf('.');
        return location(dot < 0 ? "" : name.substring(0, dot), name.substring(dot + 1), place);
    }

    /** {@code Foo.java:12}, {@code /app/x.js:12:5}, or words such as {@code Native Method}. */
    private static CodeFrame location(String module, String function, String place) {
        int end = place.length();
        int line = 0;
        for (int part = 0; part < 2; part++) {
            int colon = place.lastIndexOf(':', end - 1);
            if (colon < 0 || colon + 1 == end || !isNumber(place, colon + 1, end)) {
                break;
            }
            line = Integer.parseInt(place.substring(colon + 1, end));
            end = colon;
        }
        String file = place.substring(0, end);
        return new CodeFrame(module, function, file.indexOf('.') < 0 ? null : file, line, null);
    }

    /** {@code java.base/java.lang.Thread} and {@code app//com.acme.Foo}: class loader and module are not the class. */
    private static String withoutModulePrefix(String name) {
        String rest = name;
        int slash = rest.indexOf('/');
        while (slash >= 0 && rest.lastIndexOf('$', slash) < 0) {
            rest = rest.substring(slash + 1);
            slash = rest.indexOf('/');
        }
        return rest;
    }

    private static List<Thrown> python(String text) {
        List<Thrown> chain = new ArrayList<>();
        List<CodeFrame> frames = new ArrayList<>();
        boolean inside = false;
        for (String line : (Iterable<String>) text.lines()::iterator) {
            String content = line.strip();
            if (content.equals(PYTHON)) {
                inside = true;
                frames = new ArrayList<>();
            } else if (inside && content.startsWith("File \"") && frames.size() < MAX_FRAMES) {
                frames.add(pythonFrame(content));
            } else if (inside && !content.isEmpty() && !Character.isWhitespace(line.charAt(0))) {
                int colon = content.indexOf(": ");
                Collections.reverse(frames);
                if (chain.size() < MAX_CHAIN) {
                    chain.add(new Thrown(
                            colon < 0 ? content : content.substring(0, colon),
                            colon < 0 ? "" : content.substring(colon + 2),
                            frames));
                }
                inside = false;
            }
        }
        Collections.reverse(chain);
        return chain;
    }

    private static CodeFrame pythonFrame(String content) {
        int close = content.indexOf('"', 6);
        String file = close < 0 ? content.substring(6) : content.substring(6, close);
        int in = content.lastIndexOf(", in ");
        String function = in < 0 ? "" : content.substring(in + 5);
        int lineAt = content.indexOf("line ", Math.max(close, 0));
        int end = lineAt < 0 ? 0 : lineAt + 5;
        int start = end;
        while (end < content.length() && end - start < 9 && Character.isDigit(content.charAt(end))) {
            end++;
        }
        int line = end == start ? 0 : Integer.parseInt(content.substring(start, end));
        return new CodeFrame("", function, file, line, null);
    }

    private static boolean isNumber(String text, int from, int to) {
        return to - from <= 9 && text.substring(from, to).chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static int count(String text, char wanted) {
        return (int) text.chars().filter(c -> c == wanted).count();
    }
}
