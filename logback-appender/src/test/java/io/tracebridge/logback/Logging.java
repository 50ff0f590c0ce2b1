/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.logback;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.core.joran.spi.JoranException;
import ch.qos.logback.core.status.Status;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A Logback context of the test's own, configured by XML as users write it. */
final class Logging implements AutoCloseable {
    final LoggerContext context = new LoggerContext();

    private Logging() {
        context.setMDCAdapter(((LoggerContext) org.slf4j.LoggerFactory.getILoggerFactory()).getMDCAdapter());
    }

    static Logging of(String xml) throws JoranException {
        Logging logging = new Logging();
        logging.context.setName("test");
        logging.configure(xml);
        return logging;
    }

    void configure(String xml) throws JoranException {
        JoranConfigurator joran = new JoranConfigurator();
        joran.setContext(context);
        joran.doConfigure(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));
    }

    Logger logger(String name) {
        return context.getLogger(name);
    }

    List<String> problems() {
        return context.getStatusManager().getCopyOfStatusList().stream()
                .filter(status -> status.getLevel() >= Status.WARN)
                .map(Status::getMessage)
                .toList();
    }

    @Override
    public void close() {
        context.stop();
    }
}
