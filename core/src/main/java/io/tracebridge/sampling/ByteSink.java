/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sampling;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Writes numbers and text in few bytes: 7 bits a byte, and each short text once. Reused; one thread only. */
final class ByteSink {
    /** Longer texts are rarely equal; they are written as they come. */
    static final int MAX_SHARED = 64;

    private static final int KEPT_CAPACITY = 1 << 20;

    private byte[] bytes = new byte[1 << 12];
    private int length;
    private final Map<String, Integer> texts = new HashMap<>();

    void reset() {
        length = 0;
        texts.clear();
        if (bytes.length > KEPT_CAPACITY) {
            bytes = new byte[1 << 12]; // one huge trace must not stay as our buffer
        }
    }

    byte[] toByteArray() {
        return Arrays.copyOf(bytes, length);
    }

    void oneByte(int value) {
        reserve(1);
        bytes[length++] = (byte) value;
    }

    void fixed(long value) {
        reserve(8);
        for (int shift = 56; shift >= 0; shift -= 8) {
            bytes[length++] = (byte) (value >>> shift);
        }
    }

    /** Small numbers of either sign are short. */
    void signed(long value) {
        unsigned(value << 1 ^ value >> 63);
    }

    void unsigned(long value) {
        reserve(10);
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            bytes[length++] = (byte) ((rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        bytes[length++] = (byte) rest;
    }

    /** 0 and the text, or the number of an earlier equal one. */
    void text(String text) {
        boolean shared = text.length() <= MAX_SHARED;
        Integer number = shared ? texts.get(text) : null;
        if (number != null) {
            unsigned(number);
            return;
        }
        unsigned(0);
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        unsigned(encoded.length);
        reserve(encoded.length);
        System.arraycopy(encoded, 0, bytes, length, encoded.length);
        length += encoded.length;
        if (shared) {
            texts.put(text, texts.size() + 1);
        }
    }

    private void reserve(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }
}
