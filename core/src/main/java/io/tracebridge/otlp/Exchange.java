/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.otlp;

import io.tracebridge.delivery.Transmission.Answer;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for the answer of a sender that answers by callback. */
final class Exchange {
    /** Beyond the sender's own timeout: only a sender that forgets its callbacks meets it. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final CompletableFuture<Answer> answer = new CompletableFuture<>();

    void answered(int status, long rejectedSpans) {
        answer.complete(new Answer(status, null, null, rejectedSpans));
    }

    void failed(Throwable cause) {
        answer.completeExceptionally(cause);
    }

    Answer await(Duration timeout) throws IOException {
        try {
            return answer.get(timeout.plus(GRACE).toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("interrupted").initCause(e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
        } catch (TimeoutException e) {
            throw new IOException("no answer", e);
        }
    }
}
