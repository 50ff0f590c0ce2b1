/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tracebridge.dashboard.store.OperationFigures;
import io.tracebridge.dashboard.store.Selection;
import io.tracebridge.dashboard.store.StoreOpenException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of older versions. */
class MigrationTest {
    @TempDir
    Path folder;

    @Test
    void fileOfVersion2_answersAsBefore_andIsSummedUp() throws Exception {
        Path data = Files.createDirectories(folder.resolve("data"));
        try (Connection old = DriverManager.getConnection("jdbc:duckdb:" + data.resolve("tracebridge.duckdb"));
                var statement = old.createStatement()) {
            statement.execute(script(1));
            statement.execute(script(2));
            statement.execute("INSERT INTO meta VALUES ('schema_version', '2')");
            statement.execute(
                    "INSERT INTO operations VALUES (0, '', '__other__', 'internal'), (1, 'shop', 'GET /', 'http')");
            // 1 to 10,000 ms, with the buckets of version 2: 128 for each doubling
            statement.execute("INSERT INTO span_paths SELECT 't' || i, 1, 1, 1767225600000000 + i, i * 1000,"
                    + " 256 + (floor(log2(i * 1000))::INT - 8) * 128 + ((i * 1000) >> (floor(log2(i * 1000))::INT - 7)) - 128,"
                    + " 0, 0, 1.0, 1.0, FALSE, TRUE, NULL, 'run' FROM range(1, 10001) r(i)");
        }
        try (DuckDbStore store = DuckDbStore.open(new DuckDbOptions(data, 64 << 20, 16 << 20, "run"))) {
            check(store);
            assertThat(store.rollUp(new RollupRules(1_000, 1, false))).isPositive();
            check(store);
        }
    }

    private static void check(DuckDbStore store) {
        List<OperationFigures> figures = store.operations().figures(Selection.ALL, false);
        assertThat(figures).hasSize(1);
        assertThat(figures.get(0).count()).isEqualTo(10_000);
        assertThat(figures.get(0).p50() / 5_000_000.0).isBetween(0.99, 1.01);
        assertThat(figures.get(0).p95() / 9_500_000.0).isBetween(0.99, 1.01);
        assertThat(figures.get(0).max()).isEqualTo(10_000_000);
    }

    @Test
    void fileOfANewerVersion_isRefused() throws Exception {
        Path data = folder.resolve("data");
        DuckDbStore.open(new DuckDbOptions(data, 64 << 20, 16 << 20, "run")).close();
        try (Connection newer = DriverManager.getConnection("jdbc:duckdb:" + data.resolve("tracebridge.duckdb"));
                var statement = newer.createStatement()) {
            statement.execute("UPDATE meta SET value = '99' WHERE key = 'schema_version'");
        }
        assertThatThrownBy(() -> DuckDbStore.open(new DuckDbOptions(data, 64 << 20, 16 << 20, "run")))
                .isInstanceOf(StoreOpenException.class)
                .hasMessageContaining("newer version");
    }

    private static String script(int version) throws Exception {
        try (InputStream script = Migrations.class.getResourceAsStream("V" + version + ".sql")) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
