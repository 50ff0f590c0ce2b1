/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tracebridge.dashboard.store.Admission;
import io.tracebridge.dashboard.store.Records;
import io.tracebridge.dashboard.store.StoreOpenException;
import io.tracebridge.dashboard.store.StoredSpan;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The folder and what is in it when processes end, collide or are of different age. */
@Timeout(120)
class CrashTest {
    private static final int LINES_BEFORE_KILL = 2_000;

    @TempDir
    Path folder;

    @Test
    void nothingThatWasToldToBeStored_isMissing_afterSigkill() throws Exception {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Writer.class.getName(),
                        folder.toString())
                .redirectErrorStream(true)
                .start();
        List<Long> acknowledged = new ArrayList<>();
        int stored = 0;
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
            while (acknowledged.size() < LINES_BEFORE_KILL || stored == 0) {
                String line = Objects.requireNonNull(out.readLine(), "it ended");
                if (line.startsWith("ack ")) {
                    acknowledged.add(Long.parseLong(line.substring(4)));
                } else if (line.startsWith("stored ")) {
                    stored = Integer.parseInt(line.substring(7));
                }
            }

            assertThatThrownBy(() -> DuckDbStore.open(options()))
                    .isInstanceOf(StoreOpenException.class)
                    .hasMessageContaining("in use by another dashboard")
                    .hasMessageContaining("--data");
        } finally {
            child.destroyForcibly();
            assertThat(child.waitFor(20, TimeUnit.SECONDS)).isTrue();
        }
        // they are stored in the order in which they came
        Set<String> promised =
                acknowledged.stream().limit(stored).map(Records::spanId).collect(Collectors.toSet());
        assertThat(promised).isNotEmpty();

        try (DuckDbStore store = DuckDbStore.open(options())) {
            Set<String> found = store.traces().spans(Records.traceId(7), 1_000_000).stream()
                    .map(StoredSpan::span)
                    .map(span -> span.spanId())
                    .collect(Collectors.toSet());
            assertThat(found).containsAll(promised);
        }
    }

    @Test
    void folderAndFiles_areForTheirOwnerOnly() throws Exception {
        try (DuckDbStore store = DuckDbStore.open(options())) {
            store.intake().offer(List.of(Records.span(1, 1).build()));
            store.flush();

            assertThat(permissions(folder.resolve("data"))).isEqualTo("rwx------");
            try (var files = Files.list(folder.resolve("data"))) {
                assertThat(files.filter(Files::isRegularFile))
                        .isNotEmpty()
                        .allSatisfy(file -> assertThat(permissions(file)).isEqualTo("rw-------"));
            }
        }
    }

    @Test
    void driver_leavesNoLibraryBehind() throws Exception {
        try (DuckDbStore store = DuckDbStore.open(options())) {
            String self = Files.readString(Path.of("/proc/self/maps"));

            // loaded from a file that has no name any more: nothing is left even after SIGKILL
            assertThat(self.lines().filter(line -> line.contains("libduckdb_java")))
                    .isNotEmpty()
                    .allSatisfy(line -> assertThat(line).endsWith("(deleted)"));
            assertThat(store.health().facts().engine()).isEqualTo("DuckDB");
        }
    }

    @Test
    void open_saysWhatToDo_whenTheDataAreFromANewerVersion() throws Exception {
        DuckDbStore.open(options()).close();
        try (Connection raw = DriverManager.getConnection(
                        "jdbc:duckdb:" + folder.resolve("data").resolve(DataFolder.FILE));
                Statement statement = raw.createStatement()) {
            statement.execute("UPDATE meta SET value = '999' WHERE key = 'schema_version'");
        }

        assertThatThrownBy(() -> DuckDbStore.open(options()))
                .isInstanceOf(StoreOpenException.class)
                .hasMessageContaining("newer version")
                .hasMessageContaining("999");
    }

    @Test
    void open_saysWhatToDo_whenTheFileIsNoDatabase() throws Exception {
        Files.createDirectories(folder.resolve("data"));
        Files.writeString(folder.resolve("data").resolve(DataFolder.FILE), "not a database, ".repeat(1_000));

        assertThatThrownBy(() -> DuckDbStore.open(options()))
                .isInstanceOf(StoreOpenException.class)
                .hasMessageContaining("Cannot open the data");
    }

    @Test
    void engine_readsNoFilesAndTakesNoSettings() {
        try (Database database = Database.open(options())) {
            for (String attack : List.of(
                    "SELECT * FROM read_text('/etc/hostname')",
                    "COPY (SELECT 1) TO '/tmp/tracebridge-stolen'",
                    "ATTACH '/tmp/tracebridge-other.db'",
                    "SET enable_external_access = true",
                    "SET memory_limit = '100GB'",
                    "INSTALL httpfs",
                    "LOAD httpfs")) {
                assertThatThrownBy(() -> Sql.execute(database.writes(), attack))
                        .as(attack)
                        .isInstanceOf(SQLException.class);
            }
        }
    }

    @Test
    void runs_areKept_afterRestart() {
        try (DuckDbStore store = DuckDbStore.open(options())) {
            store.intake().offer(List.of(Records.event(1, "k").build()));
            store.flush();
        }
        try (DuckDbStore store =
                DuckDbStore.open(new DuckDbOptions(folder.resolve("data"), 64 << 20, 8 << 20, "run-2"))) {
            store.intake()
                    .offer(List.of(
                            Records.event(1, "k").build(), Records.event(2, "k").build()));
            store.flush();

            assertThat(store.health().runs(10)).extracting(run -> run.runId()).contains("run-1", "run-2");
            String id = store.issues().event(String.format("%032x", 2)).issueId();
            assertThat(store.issues().issue(id).events()).isEqualTo(2);
            assertThat(store.issues().issue(id).firstRunId()).isEqualTo("run-1");
        }
    }

    private DuckDbOptions options() {
        return new DuckDbOptions(folder.resolve("data"), 64 << 20, 8 << 20, "run-1");
    }

    private static String permissions(Path path) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    /** Writes spans of one trace until it is killed, and says which were acknowledged and how many are stored. */
    static final class Writer {
        private Writer() {}

        public static void main(String[] arguments) {
            DuckDbStore store =
                    DuckDbStore.open(new DuckDbOptions(Path.of(arguments[0], "data"), 256 << 20, 8 << 20, "run-1"));
            AtomicLong stored = new AtomicLong();
            store.onChange(change -> System.out.println("stored " + stored.addAndGet(change.spans())));
            for (long n = 1; ; n++) {
                if (store.intake().offer(List.of(Records.span(7, n).build())) == Admission.ACCEPTED) {
                    System.out.println("ack " + n);
                }
                LockSupport.parkNanos(1_000_000);
            }
        }
    }
}
