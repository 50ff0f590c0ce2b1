/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.delivery;

import io.opentelemetry.api.impl.InstrumentationUtil;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Runs our own requests so that no instrumentation, an agent's included, makes spans of them or adds headers. */
final class Untraced {
    private Untraced() {}

    /** A request that may fail. */
    interface Request<T> {
        T run() throws IOException;
    }

    static <T> T call(Request<T> request) throws IOException {
        Outcome<T> outcome = new Outcome<>(request);
        try {
            InstrumentationUtil.suppressInstrumentation(outcome);
        } catch (LinkageError olderApi) {
            // the class came with API 1.63; below that requests may be traced, but they are sent
            if (!outcome.done) {
                outcome.run();
            }
        }
        return outcome.get();
    }

    private static final class Outcome<T> implements Runnable {
        private final Request<T> request;
        private boolean done;
        private @Nullable T value;
        private @Nullable IOException failure;

        Outcome(Request<T> request) {
            this.request = request;
        }

        @Override
        public void run() {
            done = true;
            try {
                value = request.run();
            } catch (IOException e) {
                failure = e;
            }
        }

        T get() throws IOException {
            if (failure != null) {
                throw failure;
            }
            if (value == null) {
                throw new IOException("no answer");
            }
            return value;
        }
    }
}
