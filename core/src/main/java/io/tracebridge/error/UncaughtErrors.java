/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.error;

import org.jspecify.annotations.Nullable;

/**
 * The handler for exceptions that end a thread: captures, then does what would have been done without us. With no
 * handler before ours that is printing the stack trace, as the JVM does.
 *
 * <p>Thread-safe; never throws.
 */
public final class UncaughtErrors implements Thread.UncaughtExceptionHandler {
    private final Thread.@Nullable UncaughtExceptionHandler before;
    private final Runnable awaitStart;

    private UncaughtErrors(Thread.@Nullable UncaughtExceptionHandler before, Runnable awaitStart) {
        this.before = before;
        this.awaitStart = awaitStart;
    }

    /** Becomes the default handler in front of the one that is there; does nothing when it is ours already. */
    public static void install() {
        install(() -> {});
    }

    /**
     * Like {@link #install()}, while a bridge is still starting: programs that fail at once do it then.
     * @param awaitStart waits for the start, for a bounded time; runs on the dying thread, and only when no bridge runs
     */
    public static void install(Runnable awaitStart) {
        Thread.UncaughtExceptionHandler present = Thread.getDefaultUncaughtExceptionHandler();
        if (!(present instanceof UncaughtErrors)) {
            Thread.setDefaultUncaughtExceptionHandler(new UncaughtErrors(present, awaitStart));
        }
    }

    /** Puts back the handler from before; does nothing when somebody else's is in place meanwhile. */
    public static void uninstall() {
        if (Thread.getDefaultUncaughtExceptionHandler() instanceof UncaughtErrors ours) {
            Thread.setDefaultUncaughtExceptionHandler(ours.before);
        }
    }

    @Override
    public void uncaughtException(Thread thread, Throwable throwable) {
        try {
            if (!ErrorRuntime.current().active()) {
                awaitStart.run();
            }
            String unused = ErrorRuntime.current().uncaught(throwable);
        } finally {
            if (before != null) {
                before.uncaughtException(thread, throwable);
            } else if (!(throwable instanceof ThreadDeath)) {
                System.err.print("Exception in thread \"" + thread.getName() + "\" ");
                throwable.printStackTrace();
            }
        }
    }
}
