/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sentry;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The golden table: what other Sentry SDKs send for a span, and what they should have sent. A row that says
 * {@code was:} corrects one of theirs.
 */
class SpanMappingTest {
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
        server with route                  | SERVER   | true  | http.request.method=GET;http.route=/o/{id};http.response.status_code=404 | http.server | GET /o/{id} | route | ok
        server without route               | SERVER   | true  | http.request.method=GET;url.path=/o/7 | http.server | GET /o/7 | url | ok
        server by old conventions, was: POST | SERVER | true  | http.method=POST;http.target=/o?x=1 | http.server | POST /o | url | ok
        client, was: query leaked          | CLIENT   | false | http.request.method=GET;url.full=https://api.x.io/v1/u?tok=secret;http.response.status_code=503;error=1 | http.client | GET https://api.x.io/v1/u | url | unavailable
        internal http child                | INTERNAL | false | http.request.method=GET;url.path=/a | http.client | GET /a | url | ok
        internal http root                 | INTERNAL | true  | http.request.method=GET;url.path=/a | http | GET /a | url | ok
        http without any path              | CLIENT   | false | http.request.method=GET | http.client | the span | custom | ok
        database, old key                  | CLIENT   | false | db.system=postgresql;db.statement=SELECT 1 | db | SELECT 1 | task | ok
        database, query text               | CLIENT   | false | db.system=postgresql;db.query.text=SELECT 2 | db | SELECT 2 | task | ok
        redis without statement            | CLIENT   | false | db.system=redis | db | the span | task | ok
        database, stable key, was: span name | CLIENT | false | db.system.name=postgresql;db.query.text=SELECT 3 | db | SELECT 3 | task | ok
        database over http                 | CLIENT   | false | db.system.name=elasticsearch;http.request.method=GET;url.full=http://es/ | db | the span | task | ok
        publish, was: span name            | PRODUCER | false | messaging.system=kafka;messaging.destination.name=orders;messaging.operation.type=publish | queue.publish | orders | task | ok
        send by the old key                | PRODUCER | false | messaging.system=kafka;messaging.destination.name=orders;messaging.operation=send | queue.publish | orders | task | ok
        process                            | CONSUMER | true  | messaging.system=kafka;messaging.destination.name=orders;messaging.operation.type=process | queue.process | orders | task | ok
        receive                            | CLIENT   | false | messaging.system=kafka;messaging.destination.name=orders;messaging.operation.type=receive | queue.receive | orders | task | ok
        producer without operation         | PRODUCER | false | messaging.system=kafka;messaging.destination.name=orders | queue.publish | orders | task | ok
        consumer without operation         | CONSUMER | true  | messaging.system=kafka | queue.process | the span | task | ok
        chat, was: span name               | CLIENT   | false | gen_ai.operation.name=chat;gen_ai.request.model=gpt-4o | gen_ai.chat | chat gpt-4o | task | ok
        agent                              | INTERNAL | false | gen_ai.operation.name=invoke_agent;gen_ai.agent.name=brain | gen_ai.invoke_agent | invoke_agent brain | task | ok
        tool                               | INTERNAL | false | gen_ai.operation.name=execute_tool;gen_ai.tool.name=layout | gen_ai.execute_tool | execute_tool layout | task | ok
        model call over http               | CLIENT   | false | gen_ai.operation.name=chat;gen_ai.request.model=m;http.request.method=POST | gen_ai.chat | chat m | task | ok
        AI provider without an operation   | CLIENT   | false | gen_ai.provider.name=openai | gen_ai | the span | task | ok
        a pipeline's AI step               | INTERNAL | false | ai.model=gpt-4o;ai.prompt.length=12 | gen_ai.chat | chat gpt-4o | task | ok
        a pipeline's tool step             | INTERNAL | false | tool.name=palette | gen_ai.execute_tool | execute_tool palette | task | ok
        rpc, was: span name                | CLIENT   | false | rpc.system=grpc;rpc.service=Orders;rpc.method=Get | rpc | Orders/Get | route | ok
        function trigger                   | SERVER   | true  | faas.trigger=timer | timer | the span | route | ok
        graphql                            | INTERNAL | false | graphql.operation.type=query;graphql.operation.name=Orders | graphql.query | query Orders | task | ok
        plain span, was: op = span name    | INTERNAL | false | a=1 | function | the span | custom | ok
        override                           | SERVER   | true  | http.request.method=GET;sentry.op=job.run;sentry.name=Nightly;sentry.source=task | job.run | Nightly | task | ok
        error without code                 | INTERNAL | false | error=1 | function | the span | custom | unknown_error
        error by type timeout              | INTERNAL | false | error=1;error.type=timeout | function | the span | custom | deadline_exceeded
        error by timeout class             | INTERNAL | false | error=1;error.type=java.net.SocketTimeoutException | function | the span | custom | deadline_exceeded
        error 502                          | CLIENT   | false | error=1;http.request.method=GET;http.response.status_code=502 | http.client | the span | custom | internal_error
        error 418                          | CLIENT   | false | error=1;http.request.method=GET;http.response.status_code=418 | http.client | the span | custom | invalid_argument
        error by grpc code                 | CLIENT   | false | error=1;rpc.system=grpc;rpc.grpc.status_code=14 | rpc | the span | route | unavailable
        """)
    void span_mapsToSentry(
            String row,
            SpanKind kind,
            boolean root,
            String attributes,
            String op,
            String description,
            String source,
            String status) {
        SpanData span = Spans.span(1, 2, "the span")
                .setKind(kind)
                .setAttributes(attributes(attributes))
                .setStatus(attributes.contains("error=1") ? StatusData.error() : StatusData.unset())
                .build();
        Attributed read = new Attributed(span.getAttributes());

        SpanMapping mapping = SpanMapping.of(span, read, root);

        assertThat(mapping.op()).isEqualTo(op);
        assertThat(mapping.description()).isEqualTo(description);
        assertThat(mapping.source()).isEqualTo(source);
        assertThat(SpanStatusMapping.of(span, read)).isEqualTo(status);
        assertThat(mapping.origin()).matches("auto\\.[a-z_]+\\.opentelemetry");
    }

    @Test
    void data_keepsAllAttributes_underKeysThatTheServerLeavesAlone() {
        var data = SpanAttributes.data(
                Attributes.builder()
                        .put("ai.tokens.prompt", 120)
                        .put("ai.tokens.completion", 30)
                        .put("ai.tokens.total", 150)
                        .put("gen_ai.usage.cache_write.input_tokens", 5)
                        .put("db.system.name", "postgresql")
                        .put("has.images", true)
                        .put("tool.confidence", 0.5)
                        .put("not.a.number", Double.NaN)
                        .put("gen_ai.response.finish_reasons", "stop", "length")
                        .put("url.full", "https://x.io/a?token=1#frag")
                        .put("url.query", "token=1")
                        .put("http.request.header.authorization", "Bearer x")
                        .put("sentry.op", "x")
                        .build(),
                100);

        assertThat(data)
                .containsEntry("gen_ai.usage.input_tokens", 120L)
                .containsEntry("gen_ai.usage.output_tokens", 30L)
                .containsEntry("gen_ai.usage.total_tokens", 150L)
                .containsEntry("gen_ai.usage.cache_creation.input_tokens", 5L)
                .containsEntry("db.system", "postgresql")
                .containsEntry("has.images", true)
                .containsEntry("tool.confidence", 0.5)
                .containsEntry("gen_ai.response.finish_reasons", "[\"stop\",\"length\"]")
                .containsEntry("url.full", "https://x.io/a")
                .doesNotContainKeys(
                        "ai.tokens.prompt",
                        "ai.tokens.completion",
                        "ai.tokens.total",
                        "not.a.number",
                        "url.query",
                        "http.request.header.authorization",
                        "sentry.op");
    }

    @Test
    void keyThatTheServerEmpties_isNamedOnce() {
        try (LogCapture log = new LogCapture()) {
            Attributes attributes = Attributes.builder().put("author.count", 3).build();

            SpanAttributes.data(attributes, 100);
            SpanAttributes.data(attributes, 100);

            assertThat(log.warnings()).singleElement().asString().contains("author.count");
        }
    }

    private static Attributes attributes(String text) {
        AttributesBuilder builder = Attributes.builder();
        for (String pair : text.split(";")) {
            int at = pair.indexOf('=');
            String key = pair.substring(0, at).strip();
            String value = pair.substring(at + 1).strip();
            if (value.matches("\\d+") && !key.equals("error")) {
                builder.put(key, Long.parseLong(value));
            } else {
                builder.put(key, value);
            }
        }
        return builder.build();
    }
}
