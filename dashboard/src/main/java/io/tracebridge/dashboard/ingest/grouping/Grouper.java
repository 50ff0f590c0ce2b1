/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ingest.grouping;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Gives an error its issue: by the client's fingerprint, else by types and frames of the chain, else by type and
 * message, else by message. Line numbers and file names do not count, so an edit above the throw keeps the issue.
 *
 * <p>Pure and thread-safe; the same facts give the same keys in every process.
 */
public final class Grouper {
    /** Raised whenever the same facts would give another key. */
    public static final int VERSION = 1;

    private static final String DEFAULT = "{{ default }}";
    private static final String DEFAULT_TIGHT = "{{default}}";

    /** What carries an exception to another thread or through a proxy and says nothing of its own. */
    private static final Set<String> WRAPPERS = Set.of(
            "java.util.concurrent.CompletionException",
            "java.util.concurrent.ExecutionException",
            "java.lang.reflect.UndeclaredThrowableException",
            "java.lang.reflect.InvocationTargetException",
            "reactor.core.Exceptions.ReactiveException");

    private final ErrorFacts facts;
    private final List<Thrown> chain;
    private final List<StackVerdict> stacks;
    private final List<String> app;
    private final List<String> system;

    private Grouper(ErrorFacts facts) {
        this.facts = facts;
        chain = withoutWrappers(facts.chain());
        stacks = chain.stream().map(StackVerdict::of).toList();
        app = stackKey(true);
        system = stackKey(false);
    }

    public static Grouping group(ErrorFacts facts) {
        return new Grouper(facts).group();
    }

    /** Whether a frame is code of the application: as the sender says, else by the package. */
    public static boolean isInApp(CodeFrame frame) {
        return InAppRules.isInApp(frame);
    }

    private Grouping group() {
        return new Grouping(
                keys(),
                by(),
                sentence(),
                chain.isEmpty() ? "" : chain.get(0).type(),
                title(),
                chain.isEmpty() ? "" : culprit(stacks),
                rootCause(),
                parts());
    }

    /** An async wrapper counts only when it wraps nothing. */
    private static List<Thrown> withoutWrappers(List<Thrown> chain) {
        List<Thrown> kept = new ArrayList<>();
        for (int i = 0; i < chain.size(); i++) {
            boolean carriesAnother = i + 1 < chain.size();
            if (!carriesAnother || !WRAPPERS.contains(typeKey(chain.get(i).type()))) {
                kept.add(chain.get(i));
            }
        }
        return kept;
    }

    private boolean byStack() {
        return !system.isEmpty();
    }

    private boolean usesDefault() {
        return facts.fingerprint().isEmpty() || facts.fingerprint().stream().anyMatch(Grouper::isDefault);
    }

    private List<String> keys() {
        List<String> deciding = !app.isEmpty() ? app : byStack() ? system : textKey();
        List<String> keys = new ArrayList<>();
        keys.add(withClientParts(deciding));
        if (usesDefault() && !app.isEmpty() && !app.equals(system)) {
            keys.add(withClientParts(system));
        }
        return keys;
    }

    private String withClientParts(List<String> defaultKey) {
        if (facts.fingerprint().isEmpty()) {
            return Fingerprints.hash(defaultKey);
        }
        List<String> key = new ArrayList<>();
        for (String value : facts.fingerprint()) {
            key.add(isDefault(value) ? "default:" + Fingerprints.hash(defaultKey) : "client:" + value);
        }
        return Fingerprints.hash(key);
    }

    /** Empty when no frame counts. */
    private List<String> stackKey(boolean appOnly) {
        List<String> key = new ArrayList<>();
        boolean anyFrame = false;
        for (int i = 0; i < chain.size(); i++) {
            List<String> frames = stacks.get(i).counted(appOnly);
            anyFrame |= !frames.isEmpty();
            key.add("type:" + typeKey(chain.get(i).type()));
            frames.forEach(frame -> key.add("frame:" + frame));
        }
        return anyFrame ? key : List.of();
    }

    private List<String> textKey() {
        List<String> key = new ArrayList<>();
        for (Thrown thrown : chain) {
            key.add("type:" + typeKey(thrown.type()));
            key.add("message:" + MessageParameters.replaced(thrown.message()));
        }
        if (chain.isEmpty()) {
            key.add("message:" + MessageParameters.replaced(facts.message()));
        }
        return key;
    }

    private static boolean isDefault(String value) {
        return value.equals(DEFAULT) || value.equals(DEFAULT_TIGHT);
    }

    /** The same for {@code Outer$Inner} (class files, Sentry) and {@code Outer.Inner} (OpenTelemetry). */
    private static String typeKey(String type) {
        return FrameNames.module(type).replace('$', '.');
    }

    private String by() {
        if (!usesDefault()) {
            return "fingerprint";
        }
        if (!facts.fingerprint().isEmpty()) {
            return byStack() ? "fingerprint+stack" : "fingerprint+message";
        }
        boolean anyMessage = !chain.isEmpty() && !title().isBlank();
        return byStack() ? "stack" : chain.isEmpty() || anyMessage ? "message" : "type";
    }

    private String sentence() {
        String client = facts.fingerprint().isEmpty() ? "" : "the application's fingerprint";
        if (!usesDefault()) {
            return "Grouped by " + client + " alone.";
        }
        String and = client.isEmpty() ? "" : client + ", ";
        if (!byStack()) {
            String what = chain.isEmpty() ? "the message" : "the exception types and messages";
            return "Grouped by " + and + what + ", numbers and ids replaced.";
        }
        boolean appOnly = !app.isEmpty();
        int frames =
                stacks.stream().mapToInt(stack -> stack.counted(appOnly).size()).sum();
        String whose = appOnly ? "application " : "library ";
        return "Grouped by " + and + "the exception types and " + frames + " " + whose
                + (frames == 1 ? "frame" : "frames") + "; messages and line numbers do not count.";
    }

    private List<Grouping.Part> parts() {
        List<Grouping.Part> parts = new ArrayList<>();
        for (String value : facts.fingerprint()) {
            parts.add(new Grouping.Part("fingerprint", value, true, "set by the application"));
        }
        facts.chain().stream()
                .filter(thrown -> !chain.contains(thrown))
                .forEach(wrapper ->
                        parts.add(new Grouping.Part("type", wrapper.type(), false, "only carries another exception")));
        String instead = usesDefault() ? null : "the application's fingerprint replaces it";
        for (int i = 0; i < chain.size(); i++) {
            parts.add(new Grouping.Part("type", chain.get(i).type(), instead == null, instead));
            stacks.get(i).explain(instead, !app.isEmpty(), parts);
        }
        if (!title().isBlank()) {
            boolean counts = usesDefault() && !byStack();
            String why = instead != null ? instead : counts ? null : "types and frames decide";
            parts.add(new Grouping.Part("message", MessageParameters.replaced(title()), counts, why));
        }
        return parts;
    }

    private String title() {
        String thrown = chain.isEmpty() ? "" : chain.get(0).message();
        return thrown.isBlank() ? facts.message() : thrown;
    }

    private Grouping.@Nullable RootCause rootCause() {
        if (chain.size() < 2) {
            return null;
        }
        int last = chain.size() - 1;
        Thrown root = chain.get(last);
        return new Grouping.RootCause(root.type(), root.message(), culprit(stacks.subList(last, last + 1)));
    }

    /** The innermost frame of the application in the thrown exception, else in a cause, else any frame. */
    private static String culprit(List<StackVerdict> stacks) {
        for (boolean appOnly : new boolean[] {true, false}) {
            for (StackVerdict stack : stacks) {
                List<String> frames = stack.counted(appOnly);
                if (!frames.isEmpty()) {
                    return withoutPackage(frames.get(0));
                }
            }
        }
        return "";
    }

    private static String withoutPackage(String frame) {
        int method = frame.lastIndexOf('.');
        int type = method <= 0 || frame.indexOf('/') >= 0 ? -1 : frame.lastIndexOf('.', method - 1);
        return frame.substring(type + 1);
    }
}
