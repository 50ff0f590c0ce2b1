/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sentry;

import io.sentry.SentryOptions;
import io.sentry.SentryStackTraceFactory;
import io.sentry.protocol.Mechanism;
import io.sentry.protocol.SentryException;
import io.sentry.protocol.SentryStackTrace;
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
    private static final int MAX_CAUSES = 50;

    private final SentryStackTraceFactory stackTraces;

    ThrowableChain(SentryOptions options) {
        stackTraces = new SentryStackTraceFactory(options);
    }

    /** The exceptions as the protocol wants them: the innermost cause first. */
    List<SentryException> of(Throwable throwable, @Nullable Mechanism outermost) {
        List<SentryException> chain = new ArrayList<>();
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Throwable current = throwable;
        while (current != null && seen.add(current) && chain.size() < MAX_CAUSES) {
            chain.add(0, exception(current, chain.isEmpty() ? outermost : null, chain.size()));
            current = cause(current);
        }
        return chain;
    }

    /** Whether a part of the chain stands for a throwable of another JVM, which the SDK would show as our class. */
    static boolean hasRebuilt(Throwable throwable) {
        Throwable current = throwable;
        for (int depth = 0; current != null && depth < MAX_CAUSES; depth++) {
            if (current instanceof RebuiltThrowable) {
                return true;
            }
            current = cause(current);
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
        exception.setValue(message(throwable));
        exception.setMechanism(mechanism);
        var frames = stackTraces.getStackFrames(throwable.getStackTrace(), false);
        if (frames != null && !frames.isEmpty()) {
            exception.setStacktrace(new SentryStackTrace(frames));
        }
        return exception;
    }

    private static @Nullable String message(Throwable throwable) {
        try {
            return throwable.getMessage();
        } catch (RuntimeException | StackOverflowError e) {
            return "[getMessage threw " + e.getClass().getName() + "]";
        }
    }

    private static @Nullable Throwable cause(Throwable throwable) {
        try {
            return throwable.getCause();
        } catch (RuntimeException | StackOverflowError e) {
            return null;
        }
    }
}
