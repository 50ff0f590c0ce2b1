/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store.duckdb;

import java.sql.SQLException;
import org.duckdb.DuckDBAppender;
import org.jspecify.annotations.Nullable;

/** Appends one row, column by column, nulls included. */
final class Row {
    private final DuckDBAppender appender;

    private Row(DuckDBAppender appender) {
        this.appender = appender;
    }

    static Row begin(DuckDBAppender appender) throws SQLException {
        appender.beginRow();
        return new Row(appender);
    }

    Row text(@Nullable String value) throws SQLException {
        if (value == null) {
            appender.appendNull();
        } else {
            appender.append(value);
        }
        return this;
    }

    Row number(long value) throws SQLException {
        appender.append(value);
        return this;
    }

    Row count(@Nullable Long value) throws SQLException {
        if (value == null) {
            appender.appendNull();
        } else {
            appender.append(value.longValue());
        }
        return this;
    }

    Row integer(int value) throws SQLException {
        appender.append(value);
        return this;
    }

    Row bits(int value) throws SQLException {
        appender.append((byte) value);
        return this;
    }

    Row real(@Nullable Double value) throws SQLException {
        if (value == null) {
            appender.appendNull();
        } else {
            appender.append(value.doubleValue());
        }
        return this;
    }

    Row flag(@Nullable Boolean value) throws SQLException {
        if (value == null) {
            appender.appendNull();
        } else {
            appender.append(value.booleanValue());
        }
        return this;
    }

    void end() throws SQLException {
        appender.endRow();
    }
}
