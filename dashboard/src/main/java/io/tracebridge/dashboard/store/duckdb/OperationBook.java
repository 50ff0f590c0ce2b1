/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store.duckdb;

import io.tracebridge.dashboard.store.OperationRef;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * Numbers for operations, in memory beside their table. At most {@value #LIMIT}: what comes later is {@link OperationRef#OTHER}, so that a
 * sender with ids in its span names cannot grow the tables of figures without end.
 *
 * <p>Thread-safe.
 */
final class OperationBook {
    static final int LIMIT = 2_000;

    private final List<OperationRef> byId = new ArrayList<>();
    private final Map<OperationRef, Integer> ids = new HashMap<>();
    private final AtomicLong overflowed = new AtomicLong();
    private int saved;

    synchronized void load(DuckDBConnection connection) throws SQLException {
        byId.clear();
        ids.clear();
        for (OperationRef operation : Sql.list(
                connection,
                "SELECT service, name, kind FROM operations ORDER BY operation_id",
                cells -> new OperationRef(cells.text(), cells.text(), cells.text()))) {
            add(operation);
        }
        saved = byId.size();
        if (byId.isEmpty()) {
            add(OperationRef.OTHER);
        }
    }

    synchronized int id(OperationRef operation) {
        Integer known = ids.get(operation);
        if (known != null) {
            return known;
        }
        if (byId.size() > LIMIT) {
            overflowed.incrementAndGet();
            return 0;
        }
        return add(operation);
    }

    synchronized OperationRef operation(int id) {
        return id < byId.size() ? byId.get(id) : OperationRef.OTHER;
    }

    synchronized @Nullable OperationRef byKey(String key) {
        for (OperationRef operation : byId) {
            if (operation.key().equals(key)) {
                return operation;
            }
        }
        return null;
    }

    /** Numbers of the operations that pass, as the members of an SQL list; {@code -1} when there are none. */
    synchronized String idsWhere(Predicate<OperationRef> test) {
        String list = ids.entrySet().stream()
                .filter(entry -> test.test(entry.getKey()))
                .map(entry -> entry.getValue().toString())
                .collect(Collectors.joining(","));
        return list.isEmpty() ? "-1" : list;
    }

    String idsOf(Collection<OperationRef> operations) {
        return idsWhere(operations::contains);
    }

    long overflowed() {
        return overflowed.get();
    }

    /** Writes the operations that the table lacks; call in the transaction that uses them. */
    synchronized int save(DuckDBConnection connection) throws SQLException {
        if (saved < byId.size()) {
            try (DuckDBAppender appender = connection.createAppender("main", "operations")) {
                for (int id = saved; id < byId.size(); id++) {
                    OperationRef operation = byId.get(id);
                    Row.begin(appender)
                            .integer(id)
                            .text(operation.service())
                            .text(operation.name())
                            .text(operation.kind())
                            .end();
                }
            }
        }
        return byId.size();
    }

    /** Call after the commit of what {@link #save} wrote. */
    synchronized void adopt(int size) {
        saved = size;
    }

    private int add(OperationRef operation) {
        ids.put(operation, byId.size());
        byId.add(operation);
        return byId.size() - 1;
    }
}
