/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.otlp;

import static java.util.Objects.requireNonNull;

import io.opentelemetry.common.ComponentLoader;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.sdk.common.export.GrpcSenderProvider;
import io.opentelemetry.sdk.common.export.HttpSenderProvider;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.tracebridge.delivery.Delivery;
import java.util.Iterator;
import java.util.List;

/**
 * Puts the spool under OpenTelemetry's OTLP trace exporters: they encode, delivery keeps and repeats, and it is sent
 * with the endpoint, headers, TLS and compression they were given, by the sender they would have used where that is not the usual one.
 *
 * <p>Thread-safe.
 * @since 0.1
 */
public final class SpoolingSenders {
    private final Delivery delivery;
    private final ComponentLoader installed;

    private SpoolingSenders(Delivery delivery, ComponentLoader installed) {
        this.delivery = requireNonNull(delivery, "delivery");
        this.installed = requireNonNull(installed, "installed");
    }

    /** Senders that hand their bytes to this delivery, which outlives them. */
    public static SpoolingSenders over(Delivery delivery) {
        return new SpoolingSenders(delivery, ComponentLoader.forClassLoader(SpoolingSenders.class.getClassLoader()));
    }

    /**
     * The same exporter over the spool, its own retry off; anything that is not OpenTelemetry's OTLP exporter comes
     * back as it is. The given exporter is shut down when it was replaced.
     */
    public SpanExporter rebuild(SpanExporter exporter) {
        SpanExporter rebuilt = exporter;
        if (exporter instanceof OtlpHttpSpanExporter http) {
            rebuilt = http.toBuilder()
                    .setRetryPolicy(null)
                    .setComponentLoader(new Loader())
                    .build();
        } else if (exporter instanceof OtlpGrpcSpanExporter grpc) {
            rebuilt = grpc.toBuilder()
                    .setRetryPolicy(null)
                    .setComponentLoader(new Loader())
                    .build();
        }
        if (rebuilt != exporter) {
            exporter.shutdown();
        }
        return rebuilt;
    }

    private HttpSenderProvider httpSenders() {
        HttpSenderProvider real = first(HttpSenderProvider.class);
        // another one was chosen on purpose: it may sign requests, for example
        boolean usual = real.getClass().getName().startsWith("io.opentelemetry.exporter.sender.okhttp.");
        return config -> new SpoolingHttpSender(
                delivery,
                config,
                usual ? new HttpPost(config) : new HttpReplay(real.createSender(config), config.getTimeout()));
    }

    private GrpcSenderProvider grpcSenders() {
        GrpcSenderProvider real = first(GrpcSenderProvider.class);
        return config -> new SpoolingGrpcSender(delivery, config, real.createSender(config));
    }

    private <T> T first(Class<T> type) {
        Iterator<T> found = installed.load(type).iterator();
        if (!found.hasNext()) {
            throw new IllegalStateException("No " + type.getSimpleName() + " on the class path");
        }
        return found.next();
    }

    /** Gives the exporter our senders and everything else as it is installed. */
    private final class Loader implements ComponentLoader {
        @Override
        public <T> Iterable<T> load(Class<T> type) {
            if (type == HttpSenderProvider.class) {
                return List.of(type.cast(httpSenders()));
            }
            if (type == GrpcSenderProvider.class) {
                return List.of(type.cast(grpcSenders()));
            }
            return installed.load(type);
        }
    }
}
