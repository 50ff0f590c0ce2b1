/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard;

import io.tracebridge.dashboard.http.LiveHub;
import io.tracebridge.dashboard.store.IngestLedger;
import io.tracebridge.dashboard.store.Store;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What the features are made of.
 * @param environment where settings that are no options are looked up
 */
record Parts(
        DashboardOptions options,
        Store store,
        IngestLedger ledger,
        LiveHub live,
        UnaryOperator<@Nullable String> environment) {}
