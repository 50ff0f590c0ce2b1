/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ingest;

import com.linecorp.armeria.common.ContentTooLargeException;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.server.HttpStatusException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way every request takes: checks that need no body, then the body, which the server bounds, then the work on a lane
 * of its own, never on the thread that serves the connection. Thread-safe.
 */
final class Receiver {
    private static final Logger LOGGER = LoggerFactory.getLogger("io.tracebridge");
    private static final byte[] NOTHING = {};

    private final Lanes lanes;
    private final IngestKeys keys;
    private final Refusals refusals;

    /** What an endpoint does with a request. */
    interface Work {
        /** Refuses before anything is read; runs on the connection's thread, so only what is quick. */
        void before() throws RejectedException;

        HttpResponse handle(byte[] body) throws RejectedException;

        /**
         * Answers and counts a refusal.
         * @param body as received, empty when it was not read
         */
        HttpResponse refuse(RejectedException rejected, byte[] body);
    }

    Receiver(Lanes lanes, IngestKeys keys, Refusals refusals) {
        this.lanes = lanes;
        this.keys = keys;
        this.refusals = refusals;
    }

    /**
     * Answers the request when its work is done.
     * @param errorsInside whether the body may bring errors that exist nowhere else
     */
    HttpResponse receive(HttpRequest request, boolean errorsInside, Work work) {
        try {
            work.before();
        } catch (RejectedException rejected) {
            // the rest of the body is of no use, but a sender that is cut off while writing never reads the answer
            request.abort();
            return work.refuse(rejected, NOTHING);
        }
        CompletableFuture<HttpResponse> response = new CompletableFuture<>();
        CompletableFuture<Void> answered = request.aggregate()
                .thenAccept(whole -> queue(whole.content().array(), errorsInside, work, response))
                .exceptionally(failure -> {
                    response.complete(work.refuse(asRejection(failure), NOTHING));
                    return null;
                });
        answered.exceptionally(failure -> {
            response.completeExceptionally(failure);
            return null;
        });
        return HttpResponse.of(response);
    }

    private void queue(byte[] body, boolean errorsInside, Work work, CompletableFuture<HttpResponse> response) {
        if (!lanes.run(body.length, errorsInside, () -> response.complete(handle(work, body)))) {
            response.complete(work.refuse(
                    new RejectedException(RejectReason.QUEUE_FULL, "too many requests are waiting"), NOTHING));
        }
    }

    IngestKeys keys() {
        return keys;
    }

    Refusals refusals() {
        return refusals;
    }

    /** The status of a refusal; overload has another one in each protocol. */
    static HttpStatus status(RejectReason reason, HttpStatus overload) {
        return switch (reason) {
            case MALFORMED, INVALID -> HttpStatus.BAD_REQUEST;
            case TOO_LARGE -> HttpStatus.REQUEST_ENTITY_TOO_LARGE;
            case UNSUPPORTED_ENCODING, UNSUPPORTED_TYPE -> HttpStatus.UNSUPPORTED_MEDIA_TYPE;
            case WRONG_KEY -> HttpStatus.FORBIDDEN;
            case QUEUE_FULL -> overload;
            case STORE_FAILED -> HttpStatus.SERVICE_UNAVAILABLE;
        };
    }

    private HttpResponse handle(Work work, byte[] body) {
        try {
            return work.handle(body);
        } catch (RejectedException rejected) {
            return work.refuse(rejected, body);
        } catch (RuntimeException | StackOverflowError ours) {
            LOGGER.warn("A request could not be decoded; it was refused and counted", ours);
            return work.refuse(new RejectedException(RejectReason.MALFORMED, "could not be decoded"), body);
        }
    }

    private static RejectedException asRejection(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof ContentTooLargeException) {
            return new RejectedException(RejectReason.TOO_LARGE, "the body is too large");
        }
        return cause instanceof HttpStatusException
                ? new RejectedException(RejectReason.QUEUE_FULL, "too much is being received at once")
                : new RejectedException(RejectReason.MALFORMED, "the body ended early");
    }
}
