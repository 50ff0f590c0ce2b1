/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sdk;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.logs.LoggerProvider;
import io.opentelemetry.api.metrics.MeterProvider;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.TracerBuilder;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.context.propagation.TextMapSetter;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * The OpenTelemetry that a process sees as its global one, over whichever SDK the running bridge built. The global one
 * can be set once in a process, but a bridge can be started again: by the application after the appender started it
 * first, or after a close. Tracers that were obtained before follow; meters and loggers are those of the moment.
 */
final class SwitchableOpenTelemetry implements OpenTelemetry {
    private volatile OpenTelemetry current = OpenTelemetry.noop();

    void use(OpenTelemetry openTelemetry) {
        current = openTelemetry;
    }

    @Override
    public TracerProvider getTracerProvider() {
        return new TracerProvider() {
            @Override
            public Tracer get(String scope) {
                return tracerBuilder(scope).build();
            }

            @Override
            public Tracer get(String scope, String version) {
                return tracerBuilder(scope).setInstrumentationVersion(version).build();
            }

            @Override
            public TracerBuilder tracerBuilder(String scope) {
                return new FollowingTracerBuilder(scope);
            }
        };
    }

    @Override
    public MeterProvider getMeterProvider() {
        return current.getMeterProvider();
    }

    @Override
    public LoggerProvider getLogsBridge() {
        return current.getLogsBridge();
    }

    @Override
    public ContextPropagators getPropagators() {
        return ContextPropagators.create(new FollowingPropagator());
    }

    private final class FollowingPropagator implements TextMapPropagator {
        private TextMapPropagator now() {
            return current.getPropagators().getTextMapPropagator();
        }

        @Override
        public Collection<String> fields() {
            return now().fields();
        }

        @Override
        public <C> void inject(Context context, @Nullable C carrier, TextMapSetter<C> setter) {
            now().inject(context, carrier, setter);
        }

        @Override
        public <C> Context extract(Context context, @Nullable C carrier, TextMapGetter<C> getter) {
            return now().extract(context, carrier, getter);
        }
    }

    private final class FollowingTracerBuilder implements TracerBuilder {
        private final String scope;
        private @Nullable String version;
        private @Nullable String schemaUrl;

        FollowingTracerBuilder(String scope) {
            this.scope = scope;
        }

        @Override
        public TracerBuilder setSchemaUrl(String url) {
            schemaUrl = url;
            return this;
        }

        @Override
        public TracerBuilder setInstrumentationVersion(String instrumentationVersion) {
            version = instrumentationVersion;
            return this;
        }

        @Override
        public Tracer build() {
            return new FollowingTracer(scope, version, schemaUrl);
        }
    }

    private final class FollowingTracer implements Tracer {
        private final String scope;
        private final @Nullable String version;
        private final @Nullable String schemaUrl;

        /** The SDK's tracer and whose it is, in one reference: read without a lock at every span. */
        private volatile @Nullable Known known;

        FollowingTracer(String scope, @Nullable String version, @Nullable String schemaUrl) {
            this.scope = scope;
            this.version = version;
            this.schemaUrl = schemaUrl;
        }

        @Override
        public SpanBuilder spanBuilder(String name) {
            return tracer().spanBuilder(name);
        }

        private Tracer tracer() {
            OpenTelemetry now = current;
            Known last = known;
            if (last == null || last.owner != now) {
                TracerBuilder builder = now.getTracerProvider().tracerBuilder(scope);
                if (version != null) {
                    builder.setInstrumentationVersion(version);
                }
                if (schemaUrl != null) {
                    builder.setSchemaUrl(schemaUrl);
                }
                last = new Known(now, builder.build());
                known = last;
            }
            return last.tracer;
        }
    }

    private record Known(OpenTelemetry owner, Tracer tracer) {}
}
