/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.logback;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Scope;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class TraceIdTurboFilterTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

    @AfterEach
    void clear() {
        MDC.clear();
    }

    /** Reads the MDC when the line comes, as appenders do. */
    public static final class MdcList extends ListAppender<ILoggingEvent> {
        @Override
        protected void append(ILoggingEvent event) {
            event.prepareForDeferredProcessing();
            super.append(event);
        }
    }

    private static Span span(String spanId) {
        return Span.wrap(SpanContext.create(TRACE, spanId, TraceFlags.getSampled(), TraceState.getDefault()));
    }

    @Test
    void rawScopes_showTheirIds_andLeaveNoneBehind() throws Exception {
        try (Logging logging = Logging.of("""
                <configuration>
                  <turboFilter class="io.tracebridge.logback.TraceIdTurboFilter"/>
                  <appender name="LIST" class="io.tracebridge.logback.TraceIdTurboFilterTest$MdcList"/>
                  <root level="INFO"><appender-ref ref="LIST"/></root>
                </configuration>
                """)) {
            MDC.put("user", "u1");
            try (Scope outer = span("b7ad6b7169203331").makeCurrent()) {
                logging.logger("a").info("outer");
                try (Scope inner = span("00f067aa0ba902b7").makeCurrent()) {
                    logging.logger("a").info("inner");
                    logging.logger("a").debug("not even looked at");
                }
                logging.logger("a").info("outer again");
            }
            logging.logger("a").info("after");

            ListAppender<ILoggingEvent> list =
                    (ListAppender<ILoggingEvent>) logging.logger("ROOT").getAppender("LIST");
            assertThat(list.list)
                    .extracting(event -> event.getMDCPropertyMap().get("span_id"))
                    .containsExactly("b7ad6b7169203331", "00f067aa0ba902b7", "b7ad6b7169203331", null);
            assertThat(list.list.get(0).getMDCPropertyMap()).containsEntry("trace_id", TRACE);
            assertThat(MDC.getCopyOfContextMap()).containsOnlyKeys("user");
        }
    }

    @Test
    void idsOfTheApplication_stay() throws Exception {
        try (Logging logging = Logging.of("""
                <configuration>
                  <turboFilter class="io.tracebridge.logback.TraceIdTurboFilter"/>
                  <root level="INFO"/>
                </configuration>
                """)) {
            MDC.put("span_id", "mine");
            logging.logger("a").info("outside of spans");

            assertThat(MDC.get("span_id")).isEqualTo("mine");
        }
    }
}
