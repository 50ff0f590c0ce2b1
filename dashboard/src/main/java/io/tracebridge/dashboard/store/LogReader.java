/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store;

import java.util.List;

/**
 * Questions about log lines. Who needs another answer adds a method here and its SQL in the engine's class of the same name.
 *
 * <p>Thread-safe; each call is one query on a read connection and may take milliseconds.
 * @since 0.1
 */
public interface LogReader {
    /** Log lines that pass the filter, newest first. */
    List<LogRecord> logs(Filter filter, int limit, int offset);

    /** Log lines of a trace, oldest first. */
    List<LogRecord> logsOfTrace(String traceId, int limit);
}
