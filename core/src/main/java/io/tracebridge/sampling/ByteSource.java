/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sampling;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads what {@link ByteSink} wrote. */
final class ByteSource {
    private final byte[] bytes;
    private int at;
    private final List<String> texts = new ArrayList<>();

    ByteSource(byte[] bytes) {
        this.bytes = bytes;
    }

    int oneByte() {
        return bytes[at++] & 0xff;
    }

    long fixed() {
        long value = 0;
        for (int i = 0; i < 8; i++) {
            value = value << 8 | oneByte();
        }
        return value;
    }

    long signed() {
        long value = unsigned();
        return value >>> 1 ^ -(value & 1);
    }

    int count() {
        return (int) unsigned();
    }

    long unsigned() {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            int next = oneByte();
            value |= (long) (next & 0x7f) << shift;
            if (next < 0x80) {
                return value;
            }
        }
    }

    String text() {
        int number = count();
        if (number > 0) {
            return texts.get(number - 1);
        }
        int length = count();
        String text = new String(bytes, at, length, StandardCharsets.UTF_8);
        at += length;
        if (text.length() <= ByteSink.MAX_SHARED) {
            texts.add(text);
        }
        return text;
    }
}
