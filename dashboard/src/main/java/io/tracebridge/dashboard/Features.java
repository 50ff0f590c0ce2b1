/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard;

import io.tracebridge.dashboard.api.ApiRoutes;
import io.tracebridge.dashboard.http.Routes;
import io.tracebridge.dashboard.ingest.Ingest;
import io.tracebridge.dashboard.ingest.IngestOptions;
import io.tracebridge.dashboard.query.PriceTable;
import io.tracebridge.dashboard.query.Queries;
import io.tracebridge.dashboard.query.Thresholds;
import io.tracebridge.dashboard.ui.WebPages;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** Everything that is mounted; a new feature is a line here. What can be closed is closed when the server has stopped. */
final class Features {
    private Features() {}

    static List<Routes> of(Parts parts) {
        Ingest ingest = Ingest.create(parts.store().intake(), parts.ledger(), IngestOptions.from(parts.environment()));
        return List.of(
                server -> WebPages.create().addTo(server::service),
                ingest,
                new ApiRoutes(queries(parts), parts.store(), parts.live(), ingest::forget));
    }

    /** Of the jar, or {@code development} outside of one. */
    static String version() {
        return Objects.requireNonNullElse(Features.class.getPackage().getImplementationVersion(), "development");
    }

    private static Queries queries(Parts parts) {
        String prices = parts.environment().apply("TRACEBRIDGE_PRICES");
        return new Queries(
                parts.store(),
                parts.ledger(),
                Thresholds.from(parts.environment()),
                PriceTable.load(prices == null || prices.isBlank() ? null : Path.of(prices)),
                System::currentTimeMillis,
                version());
    }
}
