/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ingest;

import com.google.protobuf.Message;
import io.tracebridge.dashboard.store.Admission;
import io.tracebridge.dashboard.store.Intake;
import org.jspecify.annotations.Nullable;

/** From a decoded OTLP request to the store, the same for HTTP and gRPC. Thread-safe. */
final class OtlpIntake {
    private final Intake intake;
    private final Context context;
    private final Refusals refusals;

    OtlpIntake(Intake intake, Context context, Refusals refusals) {
        this.intake = intake;
        this.context = context;
        this.refusals = refusals;
    }

    /** Whether decoding is worth its while now. */
    void checkRoom(OtlpSignal signal) throws RejectedException {
        if (!intake.accepts(signal.kind())) {
            throw new RejectedException(RejectReason.QUEUE_FULL, "ingest queue full");
        }
    }

    /**
     * Stores what the request brings.
     * @param warning of the decoder, or null
     * @return what was refused, for the partial success of the answer
     * @throws RejectedException when the store has no room; nothing but errors was kept then
     */
    Decoded store(OtlpSignal signal, String protocol, Message request, @Nullable String warning)
            throws RejectedException {
        Decoded decoded = new Decoded();
        signal.decode(request, context, decoded);
        decoded.warn(warning);
        if (warning != null) {
            context.ledger().noted(protocol, signal.itemType(), "warning", 1);
        }
        // errors first: they are taken when the rest is not, and a retry of the rest finds them known
        if (!decoded.events().isEmpty()) {
            Admission admission = intake.offer(decoded.events());
            if (admission != Admission.ACCEPTED) {
                context.throwsSeen().forget(decoded.throwNotes());
            }
            admit(admission, decoded.events().size() + decoded.records().size());
            context.ledger().accepted(protocol, "event", decoded.events().size());
        }
        if (!decoded.records().isEmpty()) {
            admit(intake.offer(decoded.records()), decoded.records().size());
            context.ledger()
                    .accepted(protocol, signal.itemType(), decoded.records().size());
        }
        if (decoded.rejected() > 0) {
            refusals.count(
                    protocol,
                    signal.itemType(),
                    RejectReason.INVALID,
                    String.valueOf(decoded.message()),
                    decoded.rejected());
        }
        return decoded;
    }

    /** Counts what was refused as a whole: its items, or the request where they are unknown. */
    void refused(OtlpSignal signal, String protocol, RejectedException rejected, byte[] body) {
        boolean decoded = rejected.items() > 0;
        refusals.count(
                protocol,
                decoded ? signal.itemType() : signal.itemType() + "_request",
                rejected.reason(),
                rejected.getMessage(),
                body,
                decoded ? rejected.items() : 1);
    }

    private static void admit(Admission admission, long items) throws RejectedException {
        switch (admission) {
            case ACCEPTED -> {}
            case BUSY -> throw new RejectedException(RejectReason.QUEUE_FULL, "ingest queue full", items);
            case UNAVAILABLE ->
                throw new RejectedException(RejectReason.STORE_FAILED, "the store takes nothing now", items);
        }
    }
}
