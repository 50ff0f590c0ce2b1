/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard;

import io.tracebridge.dashboard.http.LiveHub;
import io.tracebridge.dashboard.store.IngestLedger;
import io.tracebridge.dashboard.store.Store;

/** What the features are made of. */
record Parts(DashboardOptions options, Store store, IngestLedger ledger, LiveHub live) {}
