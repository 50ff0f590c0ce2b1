/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.logback;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggerContextListener;
import ch.qos.logback.core.Context;
import io.tracebridge.Tracebridge;

/**
 * Closes the bridge that an appender started when Logback's context ends, as at the redeployment of a web application.
 * Outlives a new configuration: then the bridge goes on.
 */
final class ContextEnd implements LoggerContextListener {
    private final Tracebridge bridge;

    private ContextEnd(Tracebridge bridge) {
        this.bridge = bridge;
    }

    static void closeWith(Context context, Tracebridge bridge) {
        if (context instanceof LoggerContext loggers) {
            loggers.addListener(new ContextEnd(bridge));
        }
    }

    @Override
    public boolean isResetResistant() {
        return true;
    }

    @Override
    public void onStop(LoggerContext context) {
        bridge.close();
    }

    @Override
    public void onStart(LoggerContext context) {}

    @Override
    public void onReset(LoggerContext context) {}

    @Override
    public void onLevelChange(Logger logger, Level level) {}
}
