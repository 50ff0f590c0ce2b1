/* SPDX-License-Identifier: Apache-2.0 */
package com.acme;

import static io.tracebridge.Tracebridge.attrs;
import static io.tracebridge.Tracebridge.captureError;
import static io.tracebridge.Tracebridge.withSpan;

import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Scope;
import io.sentry.Sentry;
import io.tracebridge.Tracebridge;
import io.tracebridge.context.Pipeline;
import java.time.Duration;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An application that does a little of everything, with the library, OpenTelemetry, Sentry and SLF4J. */
public final class Orders {
    private static final Logger LOG = LoggerFactory.getLogger(Orders.class);

    private Orders() {}

    /** Prints the ids of its traces, one a line, and ends with 0 when its business was done. */
    public static void main(String[] args) {
        try (Tracebridge bridge = Tracebridge.start()) {
            String paid = withSpan("order.pay", attrs("order.id", 7).and("retry", true), () -> "paid");
            Pipeline.run("order", attrs("order.id", 7), () -> {
                Pipeline.current().put("customer", "acme");
                try {
                    withSpan("order.ship", Orders::ship);
                } catch (IllegalStateException failed) {
                    captureError(failed, Map.of("attempt", 3));
                }
                print("shipping");
            });
            plainOpenTelemetry();
            LOG.error("out of stock", new UnsupportedOperationException("no shelf"));
            if (!bridge.flush(Duration.ofSeconds(20)) || !paid.equals("paid")) {
                System.exit(2);
            }
        }
    }

    @SuppressWarnings("try")
    private static void plainOpenTelemetry() {
        Span span = GlobalOpenTelemetry.getTracer("com.acme")
                .spanBuilder("order.refund")
                .startSpan();
        try (Scope scope = span.makeCurrent()) {
            Sentry.captureException(new IllegalArgumentException("no money"));
            print("refund");
        } finally {
            span.end();
        }
    }

    private static void ship() {
        throw new IllegalStateException("no truck", new ArithmeticException("zero wheels"));
    }

    private static void print(String what) {
        System.out.println(what + " " + Span.current().getSpanContext().getTraceId());
    }
}
