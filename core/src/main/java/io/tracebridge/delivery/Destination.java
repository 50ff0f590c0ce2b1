/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.delivery;

import static java.util.Objects.requireNonNull;

/**
 * Where payloads go.
 *
 * @param name for threads and log lines: {@code sentry}, {@code otlp}
 * @param identity what makes two destinations the same, over restarts: payloads left by a dead process go only to an
 *     equal one. Never a credential; it is hashed into a folder name
 * @param transmission one attempt to send; closed by delivery
 * @param lossListener told of every loss
 * @since 0.1
 */
public record Destination(String name, String identity, Transmission transmission, LossListener lossListener) {
    public Destination {
        requireNonNull(name, "name");
        requireNonNull(identity, "identity");
        requireNonNull(transmission, "transmission");
        requireNonNull(lossListener, "lossListener");
    }

    /** A destination nobody wants to hear losses of; they are counted all the same. */
    public static Destination of(String name, String identity, Transmission transmission) {
        return new Destination(name, identity, transmission, (reason, category, quantities) -> {});
    }

    @Override
    public String toString() {
        return "Destination[" + name + "]";
    }
}
