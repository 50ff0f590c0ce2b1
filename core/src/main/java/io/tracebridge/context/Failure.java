/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.context;

import io.tracebridge.scrub.Scrubber;
import java.io.InterruptedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.UndeclaredThrowableException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * What can safely be said about a throwable: its methods are the application's code, may throw, return null, answer
 * with ten megabytes or name each other as cause.
 * @since 0.1
 */
public final class Failure {
    /** How far a chain of causes is followed. */
    static final int MAX_CHAIN = 32;

    private Failure() {}

    /**
     * The throwable that says what failed: without the envelopes that the JDK puts around it on its way through
     * futures and reflection. These are new objects each time, so they are no identity.
     */
    public static Throwable unwrap(Throwable throwable) {
        Throwable current = throwable;
        for (int i = 0; i < MAX_CHAIN && isEnvelope(current); i++) {
            Throwable cause = cause(current);
            if (cause == null) {
                return current;
            }
            current = cause;
        }
        return current;
    }

    private static boolean isEnvelope(Throwable throwable) {
        Class<?> type = throwable.getClass();
        return type == CompletionException.class
                || type == ExecutionException.class
                || type == InvocationTargetException.class
                || type == UndeclaredThrowableException.class;
    }

    /** The throwable and its causes, outermost first; ends at a cycle. */
    public static List<Throwable> chain(Throwable throwable) {
        List<Throwable> chain = new ArrayList<>(4);
        Throwable current = throwable;
        while (current != null && chain.size() < MAX_CHAIN && !containsSame(chain, current)) {
            chain.add(current);
            current = cause(current);
        }
        return chain;
    }

    private static boolean containsSame(List<Throwable> chain, Throwable throwable) {
        for (Throwable each : chain) {
            if (each == throwable) { // never equals: that is the application's code
                return true;
            }
        }
        return false;
    }

    /** Its cause; null when there is none or it cannot be asked. */
    public static @Nullable Throwable cause(Throwable throwable) {
        try {
            return throwable.getCause();
        } catch (Throwable broken) {
            Guard.unlessFatal(broken);
            return null;
        }
    }

    /** The class name, as Java writes it in a stack trace. */
    public static String type(Throwable throwable) {
        return throwable.getClass().getName();
    }

    /**
     * The value of {@code error.type}: the SQLState of a database failure, {@code timeout}, else the class name. An
     * HTTP status or a provider's code comes from {@link Step#errorType}, since only the caller knows it.
     */
    public static String errorType(Throwable throwable) {
        Throwable failure = unwrap(throwable);
        String state = sqlState(failure);
        if (state != null) {
            return state;
        }
        return isTimeout(failure) ? "timeout" : type(failure);
    }

    /** The SQLState; null when this is no database failure or it has none. */
    public static @Nullable String sqlState(Throwable throwable) {
        try {
            String state = throwable instanceof SQLException sql ? sql.getSQLState() : null;
            return state == null || state.isBlank() || state.length() > 16 ? null : state;
        } catch (Throwable broken) {
            Guard.unlessFatal(broken);
            return null;
        }
    }

    private static boolean isTimeout(Throwable failure) {
        return failure instanceof TimeoutException
                || failure instanceof SocketTimeoutException
                || failure.getClass().getName().startsWith("java.net.http.HttpTimeout")
                || failure.getClass().getName().equals("java.net.http.HttpConnectTimeoutException")
                // OkHttp's call timeout has no type of its own
                || (failure.getClass() == InterruptedIOException.class && "timeout".equals(rawMessage(failure)));
    }

    /** Whether somebody asked the work to stop; that is not an error. */
    public static boolean isCancellation(Throwable throwable) {
        Throwable failure = unwrap(throwable);
        return failure instanceof CancellationException
                || failure instanceof InterruptedException
                || failure instanceof ClosedByInterruptException;
    }

    /** The scrubbed message, at most {@code maxLength} characters; empty when there is none. */
    public static String message(Throwable throwable, Scrubber scrubber, int maxLength) {
        String message = rawMessage(throwable);
        return message == null ? "" : scrubber.text(message, maxLength);
    }

    /** The message as it is, neither scrubbed nor cut; null when there is none, a note in brackets when it cannot be asked. */
    public static @Nullable String rawMessage(Throwable throwable) {
        try {
            return throwable.getMessage();
        } catch (Throwable broken) {
            Guard.unlessFatal(broken);
            return "[getMessage threw " + broken.getClass().getName() + "]";
        }
    }

    /** The stack traces of the chain as text, scrubbed and bounded: at most 64 frames a throwable, 16,384 characters. */
    static String stackTrace(Throwable throwable, Scrubber scrubber) {
        StringBuilder text = new StringBuilder(2_048);
        for (Throwable each : chain(throwable)) {
            text.append(text.isEmpty() ? "" : "Caused by: ").append(type(each));
            String message = message(each, scrubber, 1_024);
            if (!message.isEmpty()) {
                text.append(": ").append(message);
            }
            text.append('\n');
            appendFrames(text, each);
            if (text.length() > 16_384) {
                return Scrubber.cut(text.toString(), 16_384);
            }
        }
        return text.toString();
    }

    /** Its frames, innermost first; none when it cannot be asked. */
    public static StackTraceElement[] frames(Throwable throwable) {
        try {
            StackTraceElement[] frames = throwable.getStackTrace();
            return frames == null ? new StackTraceElement[0] : frames;
        } catch (Throwable broken) {
            Guard.unlessFatal(broken);
            return new StackTraceElement[0];
        }
    }

    private static void appendFrames(StringBuilder text, Throwable throwable) {
        StackTraceElement[] frames = frames(throwable);
        for (int i = 0; i < Math.min(frames.length, 64); i++) {
            text.append("\tat ").append(frames[i]).append('\n');
        }
        if (frames.length > 64) {
            text.append("\t... ").append(frames.length - 64).append(" more\n");
        }
    }
}
