/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.error;

/**
 * What an event that somebody else captured needs to be one of ours.
 *
 * @param error ids, tags, contexts, breadcrumbs and fingerprint of where it happened
 * @param duplicate whether we sent an event for this very failure already
 * @param eventId of that event; empty when there is none
 */
public record Enrichment(CapturedError error, boolean duplicate, String eventId) {}
