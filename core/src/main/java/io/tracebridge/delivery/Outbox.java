/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.delivery;

import java.time.Duration;

/**
 * The door of one destination. What it accepted is delivered, or its loss counted.
 *
 * <p>Thread-safe; never throws and never waits for the network.
 * @since 0.1
 */
public interface Outbox {
    /**
     * Writes the payload to its file before returning: it survives the end of the process, not of the machine.
     * @return false if it was dropped; the loss is already counted
     */
    boolean offerDurably(Payload payload);

    /**
     * Hands the payload to the writer, which writes it to its file at once; the end of the process takes what it has not yet
     * got to.
     * @return false if it was dropped; the loss is already counted
     */
    boolean offer(Payload payload);

    /**
     * Waits until everything accepted before this call is on disk and was tried once.
     * @return false when the time was up
     */
    boolean flush(Duration timeout);
}
