/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.delivery;

import io.sentry.SentryClient;
import io.sentry.SentryEvent;
import io.sentry.SentryOptions;
import io.tracebridge.delivery.FakeIngest.Reply;
import java.io.IOException;
import java.util.function.Function;

/** The peer as its users have it, with a server of its own that suffers the same fault. */
final class PlainSentry implements AutoCloseable {
    private static final long FLUSH_MILLIS = 15_000; // the SDK's default for its shutdown

    record Outcome(int captured, int received) {}

    private final FakeIngest ingest = new FakeIngest();
    private final SentryClient client;
    private int captured;

    PlainSentry(Function<FakeIngest, Reply> fault) throws IOException {
        ingest.answers(fault.apply(ingest));
        SentryOptions options = new SentryOptions();
        options.setDsn("http://key@127.0.0.1:" + ingest.port() + "/1");
        client = new SentryClient(options);
    }

    void capture() {
        client.captureEvent(new SentryEvent(new IllegalStateException("failure " + captured++)));
    }

    /** The server is well again; waits for all that the SDK still holds. */
    Outcome afterTheFault() {
        ingest.answers(ingest.taken());
        client.flush(FLUSH_MILLIS);
        return new Outcome(captured, ingest.ids().size());
    }

    @Override
    public void close() throws IOException {
        client.close();
        ingest.close();
    }
}
