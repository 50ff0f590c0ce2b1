/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ingest.grouping;

import java.util.List;

/**
 * What grouping looks at.
 *
 * @param fingerprint as the client set it; empty for the default
 * @param chain the thrown exception first, then its causes; empty for a message
 * @param message of the event; used when there is no exception
 */
public record ErrorFacts(List<String> fingerprint, List<Thrown> chain, String message) {
    public ErrorFacts {
        fingerprint = List.copyOf(fingerprint);
        chain = List.copyOf(chain);
    }
}
