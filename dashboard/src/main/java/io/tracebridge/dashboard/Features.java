/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard;

import io.tracebridge.dashboard.http.Routes;
import io.tracebridge.dashboard.ingest.Ingest;
import io.tracebridge.dashboard.ingest.IngestOptions;
import io.tracebridge.dashboard.ui.WebPages;
import java.util.List;

/** Everything that is mounted; a new feature is a line here. What can be closed is closed when the server has stopped. */
final class Features {
    private Features() {}

    static List<Routes> of(Parts parts) {
        return List.of(
                server -> WebPages.create().addTo(server::service),
                Ingest.create(parts.store().intake(), parts.ledger(), IngestOptions.defaults()));
    }
}
