/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.logback;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.spi.AppenderAttachable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Takes Sentry's own appender off the loggers: beside ours it would send every error a second time. */
final class SentryAppenderBeside {
    private static final String THEIRS = "io.sentry.logback.";

    private SentryAppenderBeside() {}

    /** Detaches and stops it, wherever it hangs. Returns how many there were. */
    static int detach(LoggerContext context) {
        int detached = 0;
        for (Logger logger : context.getLoggerList()) {
            detached += detach(logger);
        }
        return detached;
    }

    private static int detach(AppenderAttachable<ILoggingEvent> holder) {
        List<Appender<ILoggingEvent>> appenders = new ArrayList<>();
        Iterator<Appender<ILoggingEvent>> attached = holder.iteratorForAppenders();
        while (attached != null && attached.hasNext()) {
            appenders.add(attached.next());
        }
        int detached = 0;
        for (Appender<ILoggingEvent> appender : appenders) {
            if (isTheirs(appender.getClass())) {
                holder.detachAppender(appender);
                appender.stop();
                detached++;
            } else if (appender instanceof AppenderAttachable<?> nested) {
                detached += detach(ofEvents(nested));
            }
        }
        return detached;
    }

    /** Whatever hangs at a logger of Logback's takes its events. */
    @SuppressWarnings("unchecked")
    private static AppenderAttachable<ILoggingEvent> ofEvents(AppenderAttachable<?> nested) {
        return (AppenderAttachable<ILoggingEvent>) nested;
    }

    private static boolean isTheirs(Class<?> type) {
        for (Class<?> each = type; each != null; each = each.getSuperclass()) {
            if (each.getName().startsWith(THEIRS)) {
                return true;
            }
        }
        return false;
    }
}
