/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sentry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sentry.Breadcrumb;
import io.sentry.ISerializer;
import io.sentry.JsonObjectWriter;
import io.sentry.JsonSerializable;
import io.sentry.JsonSerializer;
import io.sentry.SentryEnvelope;
import io.sentry.SentryEvent;
import io.sentry.SentryExceptionFactory;
import io.sentry.SentryOptions;
import io.sentry.SentryStackTraceFactory;
import io.sentry.protocol.Message;
import io.sentry.protocol.SdkVersion;
import io.sentry.protocol.User;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.DayOfWeek;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** The fast serialiser beside the SDK's own. */
class FastSerializerTest {
    private final SentryOptions options = new SentryOptions();
    private final ISerializer sdk = new JsonSerializer(options);
    private final ISerializer fast = FastSerializer.of(options);

    @Test
    void event_isTheSameJsonAsTheSdkWrites() throws Exception {
        SentryEvent event = eventWithEverything();

        assertThat(tree(fast, event)).isEqualTo(tree(sdk, event));
        assertThat(text(fast, event)).contains("\"function\"", "line\\nbreak", "\\\"quoted\\\"", "\\u0001", "😀");
    }

    @Property(tries = 300)
    void texts_areTheSameJsonAsTheSdkWrites(@ForAll String key, @ForAll String value, @ForAll List<String> many)
            throws Exception {
        // UTF-8 has no byte for half a pair: the SDK sends a question mark, this one an escape
        Map<String, Object> entity = Map.of(whole(key), Map.of("value", whole(value), "many", whole(many)));

        assertThat(tree(fast, entity)).isEqualTo(tree(sdk, entity));
    }

    @Test
    void halfOfAPair_isEscaped() throws Exception {
        assertThat(text(fast, Map.of("key", "a\uD83Db"))).isEqualTo("{\"key\":\"a\\ud83db\"}");
        assertThat(text(fast, Map.of("key", "\uDE00"))).isEqualTo("{\"key\":\"\\ude00\"}");
    }

    @Test
    void numberThatJsonDoesNotHave_isNull_whereTheSdkFails() throws Exception {
        Map<String, Object> entity = Map.of("ratio", Double.NaN);

        assertThat(text(fast, entity)).isEqualTo("{\"ratio\":null}");
        assertThat(text(fast, Map.of("ratio", Float.NEGATIVE_INFINITY))).isEqualTo("{\"ratio\":null}");
        assertThatThrownBy(() -> text(sdk, entity)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void envelope_isTheSameAsTheSdkWrites() throws Exception {
        SentryEnvelope envelope = SentryEnvelope.from(fast, eventWithEverything(), new SdkVersion("sdk", "1"));
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        ByteArrayOutputStream actual = new ByteArrayOutputStream();

        sdk.serialize(envelope, expected);
        fast.serialize(envelope, actual);

        assertThat(actual.toString(StandardCharsets.UTF_8)).isEqualTo(expected.toString(StandardCharsets.UTF_8));
    }

    @Test
    void sdkWriterWrites_whatAsksForIt() throws Exception {
        JsonSerializable picky = (writer, logger) ->
                ((JsonObjectWriter) writer).beginObject().name("a").value(1).endObject();

        assertThat(text(fast, picky)).isEqualTo("{\"a\":1}");
    }

    @Test
    void badlyNested_isAnError_andNotBadJson() {
        List<JsonSerializable> broken = List.of(
                (writer, logger) -> writer.beginObject().value("no name").endObject(),
                (writer, logger) ->
                        writer.beginObject().name("a").name("b").value(1).endObject(),
                (writer, logger) -> writer.beginObject().name("dangling").endObject(),
                (writer, logger) -> writer.beginArray().endObject(),
                (writer, logger) ->
                        writer.beginArray().name("in an array").value(1).endArray(),
                (writer, logger) -> writer.endObject());

        for (JsonSerializable each : broken) {
            assertThatThrownBy(() -> text(fast, each)).isInstanceOf(RuntimeException.class);
        }
    }

    @Test
    void deepNesting_isTheSameJsonAsTheSdkWrites() throws Exception {
        Object entity = "leaf";
        for (int i = 0; i < 60; i++) {
            entity = i % 2 == 0 ? List.of(entity) : Map.of("level" + i, entity);
        }

        assertThat(text(fast, entity)).isEqualTo(text(sdk, entity));
    }

    @Test
    void threads_doNotMixTheirItems() throws Exception {
        int threads = 4;
        CyclicBarrier together = new CyclicBarrier(threads);
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<Future<Boolean>> results = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                Map<String, Object> entity = Map.of("who", String.valueOf(t).repeat(500));
                String expected = text(sdk, entity);
                Callable<Boolean> work = () -> {
                    together.await();
                    for (int i = 0; i < 500; i++) {
                        if (!text(fast, entity).equals(expected)) {
                            return false;
                        }
                    }
                    return true;
                };
                results.add(executor.submit(work));
            }
            for (Future<Boolean> result : results) {
                assertThat(result.get()).isTrue();
            }
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void largeItem_isWhole_andItsBufferIsNotKept() throws Exception {
        Map<String, Object> large = Map.of("text", "x".repeat(1_000_000));

        assertThat(text(fast, large)).hasSize(1_000_000 + "{\"text\":\"\"}".length());
        assertThat(text(fast, Map.of("a", 1))).isEqualTo("{\"a\":1}");
    }

    @Test
    void serializerOfTheApplication_stays() {
        ISerializer own = (ISerializer) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {ISerializer.class}, (proxy, method, arguments) -> null);
        options.setSerializer(own);

        assertThat(FastSerializer.of(options)).isSameAs(own);
    }

    private SentryEvent eventWithEverything() {
        SentryEvent event = new SentryEvent(new Date(1_700_000_000_123L));
        event.setExceptions(new SentryExceptionFactory(new SentryStackTraceFactory(options))
                .getSentryExceptions(
                        new IllegalStateException("line\nbreak", new IOException("\"quoted\" \\ \u0001"))));
        Message message = new Message();
        message.setFormatted("Ünïcode 😀 \u2028 \u007f");
        message.setParams(List.of("a", "b"));
        event.setMessage(message);
        event.setTag("a", "b");
        User user = new User();
        user.setId("7");
        user.setData(Map.of("k", "v"));
        event.setUser(user);
        Breadcrumb breadcrumb = new Breadcrumb(new Date(1_700_000_000_000L));
        breadcrumb.setData("n", 1);
        event.addBreadcrumb(breadcrumb);
        event.setFingerprints(List.of("f"));
        event.setExtra("numbers", Arrays.asList(1, 2L, 3.5, 4.5f, new BigDecimal("1.50"), new AtomicInteger(7), null));
        event.setExtra("flags", new AtomicBoolean(true));
        event.setExtra("arrays", Map.of("ints", new int[] {1, 2}, "texts", new String[] {"a"}));
        event.setExtra("others", Arrays.asList('c', DayOfWeek.MONDAY, URI.create("http://a/b"), new UUID(1, 2)));
        event.setExtra("bean", new Bean("in a bean"));
        event.getContexts().put("pipeline", Map.of("steps", List.of(Map.of("name", "layout", "ms", 3))));
        return event;
    }

    /** Written by reflection. */
    private record Bean(String name) {}

    private static JsonNode tree(ISerializer serializer, Object entity) throws IOException {
        return new ObjectMapper().readTree(text(serializer, entity));
    }

    private static String text(ISerializer serializer, Object entity) throws IOException {
        StringWriter writer = new StringWriter();
        serializer.serialize(entity, writer);
        return writer.toString();
    }

    private static List<String> whole(List<String> texts) {
        return texts.stream().map(FastSerializerTest::whole).toList();
    }

    private static String whole(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }
}
