/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ZoneTest {
    @ParameterizedTest
    @CsvSource({
        "/v1/traces, INGEST",
        "/v1/logs/, INGEST",
        "/opentelemetry.proto.collector.trace.v1.TraceService/Export, INGEST",
        "/api/7/envelope/, INGEST",
        "/api/7/integration/otlp/v1/traces, INGEST",
        "/stream, INGEST",
        "/healthz, OPEN",
        "/api/v1/filters, API",
        "/api/v1/envelope/, API",
        // what is in the middle of a path opens nothing
        "/api/v1/metrics/x/integration/otlp/y, API",
        "/api/v1/integration/otlp/v1/traces, API",
        "/traces/integration/otlp/x, PRIVATE",
        "/api/v1/v1/traces, API",
        "/, PRIVATE"
    })
    void path_hasItsRules(String path, Zone zone) {
        assertThat(Zone.of(path)).isEqualTo(zone);
    }
}
