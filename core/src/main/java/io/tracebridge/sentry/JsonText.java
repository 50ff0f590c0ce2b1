/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sentry;

import java.math.BigDecimal;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes maps, lists, texts, numbers and flags as JSON; what JSON has no word for becomes text or null. */
final class JsonText {
    private final JsonChars out = new JsonChars(512);

    private JsonText() {}

    static String of(@Nullable Object value) {
        JsonText json = new JsonText();
        json.value(value);
        return json.out.toString();
    }

    /** Bytes of a text in UTF-8, without encoding it. */
    static int utf8Length(String text) {
        int bytes = text.length();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                bytes += c < 0x800 || Character.isSurrogate(c) ? 1 : 2; // a pair is two chars and four bytes
            }
        }
        return bytes;
    }

    /** A number as JSON has it. NaN and the infinities would make the whole envelope unreadable. */
    static String number(Number value) {
        if (value instanceof BigDecimal decimal) {
            return decimal.toPlainString();
        }
        boolean real = value instanceof Double || value instanceof Float;
        return real && !Double.isFinite(value.doubleValue()) ? "null" : value.toString();
    }

    private void value(@Nullable Object value) {
        if (value == null) {
            out.raw("null");
        } else if (value instanceof Map<?, ?> map) {
            object(map);
        } else if (value instanceof Collection<?> list) {
            array(list);
        } else if (value instanceof Number number) {
            out.raw(number(number));
        } else if (value instanceof Boolean flag) {
            out.raw(flag.toString());
        } else {
            out.string(value.toString());
        }
    }

    private void object(Map<?, ?> map) {
        out.raw('{');
        String separator = "";
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            out.raw(separator).string(String.valueOf(entry.getKey())).raw(':');
            value(entry.getValue());
            separator = ",";
        }
        out.raw('}');
    }

    private void array(Collection<?> list) {
        out.raw('[');
        String separator = "";
        for (Object element : list) {
            out.raw(separator);
            value(element);
            separator = ",";
        }
        out.raw(']');
    }
}
