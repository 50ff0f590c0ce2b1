/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.logback;

import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import ch.qos.logback.classic.spi.ThrowableProxy;
import io.tracebridge.error.RebuiltThrowable;
import org.jspecify.annotations.Nullable;

/** Finds the throwable of a log line: the live one, or one rebuilt from a line that came from another JVM. */
final class ProxyThrowables {
    private static final int MAX_DEPTH = 32;

    private ProxyThrowables() {}

    static @Nullable Throwable of(@Nullable IThrowableProxy proxy) {
        if (proxy instanceof ThrowableProxy live && live.getThrowable() != null) {
            return live.getThrowable();
        }
        return rebuilt(proxy, 0);
    }

    private static @Nullable Throwable rebuilt(@Nullable IThrowableProxy proxy, int depth) {
        if (proxy == null || depth > MAX_DEPTH || proxy.isCyclic()) {
            return null;
        }
        String type = proxy.getClassName() == null ? "unknown" : proxy.getClassName();
        RebuiltThrowable throwable =
                new RebuiltThrowable(type, proxy.getMessage(), rebuilt(proxy.getCause(), depth + 1), frames(proxy));
        IThrowableProxy[] suppressed = proxy.getSuppressed();
        if (suppressed != null) {
            for (IThrowableProxy each : suppressed) {
                Throwable also = rebuilt(each, depth + 1);
                if (also != null) {
                    throwable.addSuppressed(also);
                }
            }
        }
        return throwable;
    }

    private static StackTraceElement[] frames(IThrowableProxy proxy) {
        StackTraceElementProxy[] proxies = proxy.getStackTraceElementProxyArray();
        if (proxies == null) {
            return new StackTraceElement[0];
        }
        StackTraceElement[] frames = new StackTraceElement[proxies.length];
        for (int i = 0; i < proxies.length; i++) {
            frames[i] = proxies[i].getStackTraceElement();
        }
        return frames;
    }
}
