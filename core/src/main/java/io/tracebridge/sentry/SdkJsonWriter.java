/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sentry;

import io.sentry.ILogger;
import io.sentry.JsonObjectSerializer;
import io.sentry.ObjectWriter;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What the SDK's own objects write themselves into, as its JSON writer, with two differences: it is several times
 * faster, and a number that JSON does not have becomes null where the SDK loses the event. For one thread.
 */
final class SdkJsonWriter implements ObjectWriter {
    private static final byte DOCUMENT = 0;
    private static final byte ARRAY = 1;
    private static final byte OBJECT = 2;
    private static final byte NAMED = 3; // in an object, between a name and its value

    private final JsonChars out;
    private final JsonObjectSerializer objects;
    private byte[] scopes = new byte[16];
    private int depth;
    private boolean first = true;

    SdkJsonWriter(JsonChars out, int maxDepth) {
        this.out = out;
        objects = new JsonObjectSerializer(maxDepth); // it remembers what it has visited: one for each item
    }

    @Override
    public SdkJsonWriter beginArray() {
        return begin(ARRAY, '[');
    }

    @Override
    public SdkJsonWriter endArray() {
        return end(ARRAY, ']');
    }

    @Override
    public SdkJsonWriter beginObject() {
        return begin(OBJECT, '{');
    }

    @Override
    public SdkJsonWriter endObject() {
        return end(OBJECT, '}');
    }

    private SdkJsonWriter begin(byte scope, char bracket) {
        beforeValue();
        if (++depth == scopes.length) {
            scopes = Arrays.copyOf(scopes, depth * 2);
        }
        scopes[depth] = scope;
        first = true;
        out.raw(bracket);
        return this;
    }

    private SdkJsonWriter end(byte scope, char bracket) {
        require(scopes[depth] == scope);
        depth--;
        first = false;
        out.raw(bracket);
        return this;
    }

    @Override
    public SdkJsonWriter name(String name) {
        require(scopes[depth] == OBJECT);
        separate();
        scopes[depth] = NAMED;
        out.string(name).raw(':');
        return this;
    }

    private void beforeValue() {
        byte scope = scopes[depth];
        if (scope == NAMED) {
            scopes[depth] = OBJECT;
        } else {
            require(scope == ARRAY || (scope == DOCUMENT && first));
            separate();
        }
    }

    private void separate() {
        if (!first) {
            out.raw(',');
        }
        first = false;
    }

    // an item that does not keep the rules must not pass as JSON: the server would refuse the whole envelope
    private static void require(boolean valid) {
        if (!valid) {
            throw new IllegalStateException("JSON is not nested as it must be");
        }
    }

    private SdkJsonWriter literal(String text) {
        beforeValue();
        out.raw(text);
        return this;
    }

    @Override
    public SdkJsonWriter value(@Nullable String value) {
        if (value == null) {
            return nullValue();
        }
        beforeValue();
        out.string(value);
        return this;
    }

    @Override
    public SdkJsonWriter jsonValue(@Nullable String value) {
        return value == null ? nullValue() : literal(value);
    }

    @Override
    public SdkJsonWriter nullValue() {
        return literal("null");
    }

    @Override
    public SdkJsonWriter value(boolean value) {
        return literal(value ? "true" : "false");
    }

    @Override
    public SdkJsonWriter value(@Nullable Boolean value) {
        return value == null ? nullValue() : value(value.booleanValue());
    }

    @Override
    public SdkJsonWriter value(double value) {
        return literal(JsonText.number(value));
    }

    @Override
    public SdkJsonWriter value(long value) {
        return literal(Long.toString(value));
    }

    @Override
    public SdkJsonWriter value(@Nullable Number value) {
        return value == null ? nullValue() : literal(JsonText.number(value));
    }

    @Override
    public SdkJsonWriter value(ILogger logger, @Nullable Object value) throws IOException {
        objects.serialize(this, logger, value);
        return this;
    }

    /** Does nothing: there is one way to write. */
    @Override
    public void setLenient(boolean lenient) {}

    /** Does nothing: compact. */
    @Override
    public void setIndent(@Nullable String indent) {}

    @Override
    public @Nullable String getIndent() {
        return null;
    }
}
