/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.delivery;

import java.time.Duration;

/**
 * How long delivery waits.
 *
 * @param firstRetry after a first failure; doubles with each further one
 * @param longestRetry where doubling ends; short enough that a backlog is on its way soon after an outage
 * @param silentLimit after a 429 that does not say how long
 * @param refused after the destination refused our credentials
 * @param adoption between looks for payloads that dead processes left
 * @param diskRetry between attempts to use a disk that failed
 */
record Pauses(
        Duration firstRetry,
        Duration longestRetry,
        Duration silentLimit,
        Duration refused,
        Duration adoption,
        Duration diskRetry) {

    static Pauses defaults() {
        return new Pauses(
                Duration.ofMillis(500),
                Duration.ofSeconds(15),
                Duration.ofSeconds(60),
                Duration.ofMinutes(5),
                Duration.ofSeconds(60),
                Duration.ofSeconds(5));
    }
}
