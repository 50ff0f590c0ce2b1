/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard;

import io.tracebridge.dashboard.http.Routes;
import io.tracebridge.dashboard.ui.WebPages;
import java.util.List;

/** Everything that is mounted; a new feature is a line here. */
final class Features {
    private Features() {}

    static List<Routes> of(Parts parts) {
        return List.of(server -> WebPages.create().addTo(server::service));
    }
}
