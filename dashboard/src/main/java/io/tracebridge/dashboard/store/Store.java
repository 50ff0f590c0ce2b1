/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store;

import java.util.function.Consumer;

/**
 * Everything that was received and not evicted, with a reader for each kind of question.
 *
 * <p>Thread-safe. Readers never block the writer, nor each other.
 * @since 0.1
 */
public interface Store extends AutoCloseable {
    Intake intake();

    TraceReader traces();

    IssueReader issues();

    OperationReader operations();

    LogReader logs();

    MetricReader metrics();

    HealthReader health();

    AiReader ai();

    /** What is derived from traces; for who derives it. */
    AnalysisStore analysis();

    /**
     * Sets an issue's status.
     * @param status {@code unresolved}, {@code resolved} or {@code ignored}
     * @return false when there is no such issue
     */
    boolean setIssueStatus(String issueId, String status);

    /** Removes every record; issues and runs too. */
    void clear();

    /** Calls the listener after each write, on the writer's thread: be quick, never throw. */
    void onChange(Consumer<StoreChange> listener);

    /** Waits until everything accepted before this call is written; for tests and for a close with nothing left behind. */
    void flush();

    /** Writes what was accepted (5 s at most) and closes the engine. Safe twice. */
    @Override
    void close();
}
