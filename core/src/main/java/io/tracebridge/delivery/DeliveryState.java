/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.delivery;

/**
 * What one destination holds and has done since it was opened, at one moment.
 *
 * @param destination its name
 * @param pending payloads accepted and not yet delivered nor dropped
 * @param pendingBytes what they take, on disk and in memory
 * @param inMemory how many of them the disk did not take: they end with the process
 * @param delivered payloads the destination took
 * @param retries attempts that failed and are repeated
 * @param deadLetters payloads the destination refused for good
 * @since 0.1
 */
public record DeliveryState(
        String destination,
        long pending,
        long pendingBytes,
        long inMemory,
        long delivered,
        long retries,
        long deadLetters) {}
