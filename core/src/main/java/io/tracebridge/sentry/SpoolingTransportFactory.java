/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sentry;

import io.sentry.ITransportFactory;
import io.sentry.RequestDetails;
import io.sentry.RequestDetailsResolver;
import io.sentry.SentryOptions;
import io.sentry.transport.ITransport;
import io.tracebridge.metrics.Accounting;
import java.net.URI;

/** Makes every envelope of a Sentry client, ours and third parties', go through our outbox. */
final class SpoolingTransportFactory implements ITransportFactory {
    private final OutboxFactory outboxes;
    private final Accounting accounting;
    private final EnvelopeTrace trace;

    SpoolingTransportFactory(OutboxFactory outboxes, Accounting accounting, Texts texts) {
        this.outboxes = outboxes;
        this.accounting = accounting;
        trace = new EnvelopeTrace(texts);
    }

    /** Where the envelopes of these options go, without a credential. */
    static String endpoint(SentryOptions options) {
        return new RequestDetailsResolver(options).resolve().getUrl().toString();
    }

    @Override
    public ITransport create(SentryOptions options, RequestDetails request) {
        SentryDestination destination =
                new SentryDestination(URI.create(request.getUrl().toString()), request.getHeaders());
        return new SpoolingTransport(options, outboxes.open(destination), accounting, trace);
    }
}
