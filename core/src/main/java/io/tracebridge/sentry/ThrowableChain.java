/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sentry;

import io.sentry.SentryOptions;
import io.sentry.SentryStackTraceFactory;
import io.sentry.protocol.Mechanism;
import io.sentry.protocol.SentryException;
import io.sentry.protocol.SentryStackFrame;
import io.sentry.protocol.SentryStackTrace;
import io.tracebridge.context.Failure;
import io.tracebridge.error.RebuiltThrowable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Converts a throwable that the SDK's own converter could not: one whose {@code getMessage} or {@code hashCode}
 * throws, whose event would arrive with no exception at all, or one rebuilt from another JVM's text.
 */
final class ThrowableChain {
    /** Sentry refuses an event of more than 1 MiB as a whole; with these two bounds the chain stays below a third of it. */
    private static final int MAX_EXCEPTIONS = 50;

    private static final int MAX_FRAMES = 1_500;
    private static final int INNERMOST = 10;

    private final SentryStackTraceFactory stackTraces;

    ThrowableChain(SentryOptions options) {
        stackTraces = new SentryStackTraceFactory(options);
    }

    /** The exceptions as the protocol wants them: the innermost cause first. */
    List<SentryException> of(Throwable throwable, @Nullable Mechanism outermost) {
        List<SentryException> chain = new ArrayList<>();
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Throwable current = throwable;
        while (current != null && seen.add(current) && chain.size() < MAX_EXCEPTIONS) {
            chain.add(0, exception(current, chain.isEmpty() ? outermost : null, chain.size()));
            current = Failure.cause(current);
        }
        return chain;
    }

    /**
     * Cuts a chain that is too long: the innermost stay, which say what failed, and the outermost, which say where it was
     * noticed; and of stacks that are too long together the frames next to the throw.
     * @param innermostFirst changed by this
     * @return how many exceptions were left out
     */
    static int bound(List<SentryException> innermostFirst) {
        int leftOut = Math.max(0, innermostFirst.size() - MAX_EXCEPTIONS);
        if (leftOut > 0) {
            innermostFirst.subList(INNERMOST, INNERMOST + leftOut).clear();
        }
        int frames = 0;
        for (SentryException each : innermostFirst) {
            frames += frames(each).size();
        }
        if (frames > MAX_FRAMES) {
            innermostFirst.forEach(each -> keepFrames(each, MAX_FRAMES / innermostFirst.size()));
        }
        return leftOut;
    }

    private static List<SentryStackFrame> frames(SentryException exception) {
        SentryStackTrace trace = exception.getStacktrace();
        return trace == null || trace.getFrames() == null ? List.of() : trace.getFrames();
    }

    private static void keepFrames(SentryException exception, int count) {
        SentryStackTrace trace = exception.getStacktrace();
        List<SentryStackFrame> outermostFirst = frames(exception);
        if (trace != null && outermostFirst.size() > count) {
            trace.setFrames(
                    new ArrayList<>(outermostFirst.subList(outermostFirst.size() - count, outermostFirst.size())));
        }
    }

    /** Whether a part of the chain stands for a throwable of another JVM, which the SDK would show as our class. */
    static boolean hasRebuilt(Throwable throwable) {
        Throwable current = throwable;
        for (int depth = 0; current != null && depth < MAX_EXCEPTIONS; depth++) {
            if (current instanceof RebuiltThrowable) {
                return true;
            }
            current = Failure.cause(current);
        }
        return false;
    }

    private SentryException exception(Throwable throwable, @Nullable Mechanism given, int position) {
        Mechanism mechanism = given == null ? new Mechanism() : given;
        if (mechanism.getType() == null) {
            mechanism.setType("chained");
        }
        mechanism.setExceptionId(position);
        if (position > 0) {
            mechanism.setParentId(position - 1);
        }
        SentryException exception = new SentryException();
        String name = throwable instanceof RebuiltThrowable rebuilt
                ? rebuilt.originalType()
                : throwable.getClass().getName();
        int dot = name.lastIndexOf('.');
        exception.setModule(dot < 0 ? null : name.substring(0, dot));
        exception.setType(name.substring(dot + 1));
        exception.setValue(Failure.rawMessage(throwable));
        exception.setMechanism(mechanism);
        var frames = stackTraces.getStackFrames(Failure.frames(throwable), false);
        if (frames != null && !frames.isEmpty()) {
            exception.setStacktrace(new SentryStackTrace(frames));
        }
        return exception;
    }
}
