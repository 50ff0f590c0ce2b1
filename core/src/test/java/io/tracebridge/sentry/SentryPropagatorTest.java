/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sentry;

import static io.tracebridge.sentry.BridgeFixture.SPAN;
import static io.tracebridge.sentry.BridgeFixture.TRACE;
import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.baggage.Baggage;
import io.opentelemetry.api.baggage.propagation.W3CBaggagePropagator;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.tracebridge.context.RewrittenSpan;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SentryPropagatorTest {
    private static final TextMapGetter<Map<String, String>> GETTER = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(Map<String, String> carrier) {
            return carrier.keySet();
        }

        @Override
        public String get(Map<String, String> carrier, String key) {
            return carrier.get(key);
        }
    };

    private BridgeFixture fixture;

    @BeforeEach
    void open() throws Exception {
        fixture = new BridgeFixture();
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void keptByTheHead_saysSo() {
        fixture.settings = fixture.settings.toBuilder().samplingRate(0.1).build();

        Map<String, String> headers = inject(here(true, ""));

        assertThat(headers).containsEntry("sentry-trace", TRACE + "-" + SPAN + "-1");
        assertThat(headers.get("baggage"))
                .contains("sentry-trace_id=" + TRACE)
                .contains("sentry-public_key=pubkey")
                .contains("sentry-environment=production")
                .contains("sentry-sampled=true")
                .contains("sentry-sample_rate=0.1")
                .contains("sentry-sample_rand=0.");
    }

    @Test
    void keptForAnError_weighsOne() {
        assertThat(inject(here(true, "th:0")).get("baggage")).contains("sentry-sample_rate=1,");
    }

    @Test
    void undecided_leavesTheDecisionToTheNext() {
        Map<String, String> headers = inject(here(false, ""));

        assertThat(headers).containsEntry("sentry-trace", TRACE + "-" + SPAN);
        assertThat(headers.get("baggage"))
                .doesNotContain("sampled")
                .doesNotContain("sample_rate")
                .contains("sample_rand");
    }

    @Test
    void noSpan_noHeaders() {
        assertThat(inject(Context.root())).isEmpty();
    }

    @Test
    void baggageOfOthers_staysInFrontOfOurs() {
        Context context =
                here(true, "").with(Baggage.builder().put("tenant", "acme").build());

        assertThat(inject(context).get("baggage")).startsWith("tenant=acme,sentry-");
    }

    @ParameterizedTest
    @CsvSource({"-1, true", "-0, false", "'', false"})
    void sentryTraceAlone_isTheParent(String flag, boolean sampled) {
        SpanContext parent = parent(Map.of(
                "sentry-trace", TRACE + "-" + SPAN + flag,
                "baggage", "sentry-trace_id=" + TRACE + ",sentry-sample_rand=0.25,other=1"));

        assertThat(parent.getTraceId()).isEqualTo(TRACE);
        assertThat(parent.getSpanId()).isEqualTo(SPAN);
        assertThat(parent.isRemote()).isTrue();
        assertThat(parent.isSampled()).isEqualTo(sampled);
        assertThat(SamplingWeight.rand(SamplingWeight.randomness(parent.getTraceState(), TRACE)))
                .isBetween(0.249999, 0.25);
    }

    @Test
    void w3cParent_wins_andSentrysRandomNumberIsAdded() {
        SpanContext parent = parent(Map.of(
                "traceparent", "00-" + TRACE + "-00f067aa0ba902b7-01",
                "sentry-trace", TRACE + "-" + SPAN + "-1",
                "baggage", "sentry-trace_id=" + TRACE + ",sentry-sample_rand=0.5"));

        assertThat(parent.getSpanId()).isEqualTo("00f067aa0ba902b7");
        assertThat(parent.getTraceState().get("ot")).isEqualTo("rv:80000000000000");
    }

    @Test
    void differentTraces_w3cWinsAlone() {
        SpanContext parent = parent(Map.of(
                "traceparent",
                "00-ffffffffffffffffffffffffffffffff-00f067aa0ba902b7-01",
                "sentry-trace",
                TRACE + "-" + SPAN + "-1"));

        assertThat(parent.getTraceId()).isEqualTo("ffffffffffffffffffffffffffffffff");
    }

    @Test
    void wordsOfTheHead_goOnUnchanged_andIntoOurEnvelopes() {
        String incoming = "sentry-trace_id=" + TRACE + ",sentry-public_key=headkey,sentry-transaction=Front,"
                + "sentry-sample_rate=0.5,sentry-sample_rand=0.25,sentry-sampled=true";
        Context context =
                extract(Map.of("sentry-trace", TRACE + "-" + SPAN + "-1", "baggage", incoming + ",tenant=acme"));

        String outgoing = inject(context).get("baggage");

        assertThat(outgoing).startsWith("tenant=acme,").contains("sentry-public_key=headkey", "sentry-sample_rate=0.5");
        assertThat(outgoing.split("sentry-trace_id", -1)).hasSize(2); // once
        fixture.bridge().spanExporter().export(List.of(Spans.remoteRoot(1, "back", 9)));
        var trace = fixture.sentry.await1("transaction").envelope().path("trace");
        assertThat(trace.path("public_key").asText()).isEqualTo("headkey");
        assertThat(trace.path("transaction").asText()).isEqualTo("Front");
        assertThat(trace.path("sample_rate").asText()).isEqualTo("1"); // ours: this service's own decision
    }

    @Test
    void sentryTraceWithoutSentryBaggage_isFrozenEmpty() {
        Context context = extract(Map.of("sentry-trace", TRACE + "-" + SPAN));

        assertThat(inject(context)).doesNotContainKey("baggage");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "00000000000000000000000000000000-b7ad6b7169203331-1",
                "0af7651916cd43dd8448eb211c80319c-0000000000000000-1",
                "0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-2",
                "0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331",
                "0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1"
            })
    void malformedHeader_isIgnored(String header) {
        assertThat(parent(Map.of("sentry-trace", header, "baggage", "sentry-=,=,sentry-sample_rand=x"))
                        .isValid())
                .isFalse();
    }

    @Test
    void malformedBaggage_doesNotMatter() {
        SpanContext parent = parent(Map.of(
                "sentry-trace", TRACE + "-" + SPAN, "baggage", "sentry-,,;;%ZZ,sentry-sample_rand=7,sentry-x=%ZZ"));

        assertThat(parent.getTraceId()).isEqualTo(TRACE);
        assertThat(parent.getTraceState().get("ot")).isNull();
    }

    @Test
    void traceOfAnotherOrganisation_isNotContinued() {
        fixture.callback = options -> {
            options.setOrgId("1");
            options.setStrictTraceContinuation(true);
        };

        assertThat(parent(Map.of(
                                "sentry-trace", TRACE + "-" + SPAN + "-1",
                                "baggage", "sentry-trace_id=" + TRACE + ",sentry-org_id=2",
                                "traceparent", "00-" + TRACE + "-" + SPAN + "-01"))
                        .isValid())
                .isFalse();
        assertThat(parent(Map.of("sentry-trace", TRACE + "-" + SPAN + "-1", "baggage", "sentry-org_id=1"))
                        .isValid())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "'', https://shop.example/a, true",
        "'', https://api.openai.com/v1/chat, false",
        "'', https://bedrock-runtime.eu-west-1.amazonaws.com/model, false",
        "shop.example, https://shop.example/a, true",
        "shop.example, https://other.example/a, false",
        "api.openai.com, https://api.openai.com/v1, true"
    })
    void targets_areHonoured(String target, String url, boolean allowed) {
        if (!target.isEmpty()) {
            fixture.callback = options -> options.setTracePropagationTargets(List.of(target));
        }
        try (SdkTracerProvider provider = SdkTracerProvider.builder().build()) {
            Span span = provider.get("test")
                    .spanBuilder("GET")
                    .setSpanKind(SpanKind.CLIENT)
                    .setAttribute("url.full", url)
                    .startSpan();

            assertThat(inject(Context.root().with(span)).containsKey("sentry-trace"))
                    .isEqualTo(allowed);
            span.end();
        }
    }

    @Test
    void targets_areHonoured_alsoWhenAnErrorHasRewrittenTheSpan() {
        try (SdkTracerProvider provider = SdkTracerProvider.builder().build()) {
            Span span = provider.get("test")
                    .spanBuilder("POST")
                    .setAttribute("url.full", "https://api.openai.com/v1/chat")
                    .startSpan();
            Context rewritten = RewrittenSpan.with(Context.root().with(span), span.getSpanContext());

            assertThat(inject(rewritten)).isEmpty();
            span.end();
        }
    }

    private static Context here(boolean sampled, String ot) {
        TraceState state = ot.isEmpty()
                ? TraceState.getDefault()
                : TraceState.builder().put("ot", ot).build();
        TraceFlags flags = sampled ? TraceFlags.getSampled() : TraceFlags.getDefault();
        return Context.root().with(Span.wrap(SpanContext.create(TRACE, SPAN, flags, state)));
    }

    private Map<String, String> inject(Context context) {
        Map<String, String> headers = new HashMap<>();
        fixture.bridge().textMapPropagator().inject(context, headers, Map::put);
        return headers;
    }

    private Context extract(Map<String, String> headers) {
        return TextMapPropagator.composite(
                        W3CTraceContextPropagator.getInstance(),
                        W3CBaggagePropagator.getInstance(),
                        fixture.bridge().textMapPropagator())
                .extract(Context.root(), headers, GETTER);
    }

    private SpanContext parent(Map<String, String> headers) {
        return Span.fromContext(extract(headers)).getSpanContext();
    }
}
