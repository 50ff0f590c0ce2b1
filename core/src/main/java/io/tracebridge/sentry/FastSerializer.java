/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sentry;

import io.sentry.ISerializer;
import io.sentry.JsonDeserializer;
import io.sentry.JsonSerializable;
import io.sentry.JsonSerializer;
import io.sentry.SentryEnvelope;
import io.sentry.SentryEnvelopeItem;
import io.sentry.SentryLevel;
import io.sentry.SentryOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Reader;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The SDK's serialiser with a faster writer under it: an error is serialised on the application's thread, before
 * {@code captureError} returns. Where this writer fails, as it would under an SDK whose writer has learnt more, the
 * SDK's own one writes. Thread-safe.
 */
final class FastSerializer implements ISerializer {
    private static final int MIN_CAPACITY = 8_192;

    /** Characters of the largest buffer that is kept for the next item; larger ones are left to the collector. */
    private static final int MAX_KEPT = 64 * 1024;

    private final ISerializer sdk;
    private final SentryOptions options;
    private final AtomicReference<JsonChars> spare = new AtomicReference<>(new JsonChars(MIN_CAPACITY));

    private FastSerializer(ISerializer sdk, SentryOptions options) {
        this.sdk = sdk;
        this.options = options;
    }

    /** A serialiser for these options; the one that they have when it is not the SDK's. */
    static ISerializer of(SentryOptions options) {
        ISerializer present = options.getSerializer();
        return present instanceof JsonSerializer ? new FastSerializer(present, options) : present;
    }

    @Override
    public <T> void serialize(T entity, Writer writer) throws IOException {
        JsonChars json = taken();
        if (!isLogged() && write(entity, json)) {
            json.writeTo(writer);
            writer.flush();
        } else {
            sdk.serialize(entity, writer);
        }
        giveBack(json);
    }

    /** {@inheritDoc} An item that cannot be serialised fails the envelope; the SDK's own serialiser leaves it out. */
    @Override
    public void serialize(SentryEnvelope envelope, OutputStream out) throws Exception {
        JsonChars json = taken();
        header(envelope.getHeader(), json, out);
        for (SentryEnvelopeItem item : envelope.getItems()) {
            byte[] data = item.getData();
            header(item.getHeader(), json, out);
            out.write(data);
            out.write('\n');
        }
        giveBack(json);
    }

    private void header(JsonSerializable header, JsonChars json, OutputStream out) throws IOException {
        if (write(header, json)) {
            out.write(json.toString().getBytes(StandardCharsets.UTF_8));
        } else {
            StringWriter text = new StringWriter();
            sdk.serialize(header, text);
            out.write(text.toString().getBytes(StandardCharsets.UTF_8));
        }
        out.write('\n');
    }

    // the SDK's one prints each item when asked for
    private boolean isLogged() {
        return options.getLogger().isEnabled(SentryLevel.DEBUG);
    }

    private boolean write(Object entity, JsonChars out) {
        out.clear();
        try {
            new SdkJsonWriter(out, options.getMaxDepth()).value(options.getLogger(), entity);
            return true;
        } catch (IOException | RuntimeException | LinkageError e) {
            Log.first("sentry.serialiser", "An item is serialised by the SDK's own writer, which is slower", e);
            return false;
        }
    }

    // one for all threads: two that serialise at once cost an allocation, none costs a leak
    private JsonChars taken() {
        JsonChars kept = spare.getAndSet(null);
        return kept == null ? new JsonChars(MIN_CAPACITY) : kept;
    }

    private void giveBack(JsonChars json) {
        if (json.capacity() <= MAX_KEPT) {
            spare.set(json);
        }
    }

    @Override
    public String serialize(Map<String, Object> data) throws Exception {
        return sdk.serialize(data);
    }

    @Override
    public <T, R> @Nullable T deserializeCollection(
            Reader reader, Class<T> type, @Nullable JsonDeserializer<R> elements) {
        return sdk.deserializeCollection(reader, type, elements);
    }

    @Override
    public <T> @Nullable T deserialize(Reader reader, Class<T> type) {
        return sdk.deserialize(reader, type);
    }

    @Override
    public @Nullable SentryEnvelope deserializeEnvelope(InputStream stream) {
        return sdk.deserializeEnvelope(stream);
    }
}
