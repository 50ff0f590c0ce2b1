/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store;

/**
 * What spans are counted by: one operation of one service.
 *
 * @param service {@code service.name}, or "" when the sender did not name one
 * @param name low-cardinality name
 * @param kind {@code http}, {@code client}, {@code internal}, {@code ai}, {@code tool}, {@code db}, {@code queue} or {@code cache}
 * @since 0.1
 */
public record OperationRef(String service, String name, String kind) {
    /** Stands for all operations past the limit. */
    public static final OperationRef OTHER = new OperationRef("", "__other__", "internal");

    /** Stable id of the operation: 16 hex digits. */
    public String key() {
        // FNV-1a over the characters: stable over versions of Java, and short in a URL
        long hash = 0xcbf29ce484222325L;
        for (String part : new String[] {service, "\0", name, "\0", kind}) {
            for (int i = 0; i < part.length(); i++) {
                hash = (hash ^ part.charAt(i)) * 0x100000001b3L;
            }
        }
        return String.format("%016x", hash);
    }
}
