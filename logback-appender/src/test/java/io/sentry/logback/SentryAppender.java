/* SPDX-License-Identifier: Apache-2.0 */
package io.sentry.logback;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import io.sentry.Sentry;

/** Stands in for Sentry's own appender, whose published version does not go with the SDK's we build on. */
public final class SentryAppender extends UnsynchronizedAppenderBase<ILoggingEvent> {
    @Override
    protected void append(ILoggingEvent event) {
        Sentry.captureMessage(event.getFormattedMessage());
    }
}
