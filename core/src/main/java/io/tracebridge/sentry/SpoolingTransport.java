/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sentry;

import io.sentry.Hint;
import io.sentry.SentryEnvelope;
import io.sentry.SentryEnvelopeHeader;
import io.sentry.SentryEnvelopeItem;
import io.sentry.SentryOptions;
import io.sentry.hints.DiskFlushNotification;
import io.sentry.protocol.SentryId;
import io.sentry.transport.ITransport;
import io.sentry.transport.RateLimiter;
import io.sentry.util.HintUtils;
import io.tracebridge.delivery.Outbox;
import io.tracebridge.delivery.Payload;
import io.tracebridge.metrics.Accounting;
import io.tracebridge.metrics.DropReason;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Serialises an envelope on the capturing thread and gives the bytes to the outbox, which keeps them over failures and
 * restarts; rate limits and resending are the outbox's. An error is in its file when {@link #send} returns.
 *
 * <p>{@code sent_at} is left out: the time of serialising may be hours before the time of sending, which the server
 * would take for a wrong clock and correct.
 */
final class SpoolingTransport implements ITransport {
    /** Bytes that the headers of an envelope seldom exceed. */
    private static final int HEADERS = 2_048;

    private static final long REPORT_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final SentryOptions options;
    private final Outbox outbox;
    private final Accounting accounting;
    private final EnvelopeTrace trace;
    private final AtomicLong lastReport = new AtomicLong(System.nanoTime() - REPORT_INTERVAL_NANOS);

    SpoolingTransport(SentryOptions options, Outbox outbox, Accounting accounting, EnvelopeTrace trace) {
        this.options = options;
        this.outbox = outbox;
        this.accounting = accounting;
        this.trace = trace;
    }

    @Override
    public void send(SentryEnvelope envelope, Hint hint) {
        SentryEnvelope corrected = trace.correct(envelope, Carried.in(hint).trace());
        deliver(withReport(corrected), hint);
    }

    // collecting what was lost costs as much as a write to the file; the rest goes with a later envelope, or at flush
    private SentryEnvelope withReport(SentryEnvelope envelope) {
        long now = System.nanoTime();
        long last = lastReport.get();
        return now - last >= REPORT_INTERVAL_NANOS && lastReport.compareAndSet(last, now)
                ? options.getClientReportRecorder().attachReportToEnvelope(envelope)
                : envelope;
    }

    // losses that no envelope has carried yet
    private void sendReport() {
        SentryEnvelope empty =
                new SentryEnvelope(new SentryEnvelopeHeader(new SentryId(), options.getSdkVersion()), List.of());
        SentryEnvelope report = options.getClientReportRecorder().attachReportToEnvelope(empty);
        if (report != empty) {
            deliver(report, new Hint());
        }
    }

    private void deliver(SentryEnvelope envelope, Hint hint) {
        EnvelopeContents contents =
                EnvelopeContents.of(envelope, Carried.in(hint).spans());
        byte[] body = serialise(envelope);
        if (body == null) {
            return;
        }
        Payload payload = new Payload(contents.category(), contents.id(), contents.quantities(), body);
        boolean durable = contents.isError() || HintUtils.hasType(hint, DiskFlushNotification.class);
        if (durable ? outbox.offerDurably(payload) : outbox.offer(payload)) {
            markFlushed(hint, envelope.getHeader());
        }
    }

    private byte @Nullable [] serialise(SentryEnvelope envelope) {
        try {
            int size = HEADERS;
            for (SentryEnvelopeItem item : envelope.getItems()) {
                size += item.getData().length; // cached; the SDK's serialiser leaves a failing item out without a word
            }
            ByteArrayOutputStream bytes = new ByteArrayOutputStream(size);
            options.getSerializer().serialize(envelope, bytes);
            return bytes.toByteArray();
        } catch (Exception | StackOverflowError e) {
            accounting.dropped(DropReason.ENCODING_FAILED);
            Log.first("sentry.serialise", "An envelope could not be serialised and is lost", e);
            return null;
        }
    }

    // without it a dying thread waits for the whole flush timeout of the SDK
    private static void markFlushed(Hint hint, SentryEnvelopeHeader header) {
        HintUtils.runIfHasType(hint, DiskFlushNotification.class, notification -> {
            if (notification.isFlushable(header.getEventId())) {
                notification.markFlushed();
            }
        });
    }

    @Override
    public void flush(long timeoutMillis) {
        sendReport();
        outbox.flush(Duration.ofMillis(Math.max(0, timeoutMillis)));
    }

    /** None: limits are kept where sending is. */
    @Override
    public @Nullable RateLimiter getRateLimiter() {
        return null;
    }

    /** The outbox outlives its client: the bridge closes delivery, last of all. */
    @Override
    public void close(boolean isRestarting) {}

    @Override
    public void close() {}
}
