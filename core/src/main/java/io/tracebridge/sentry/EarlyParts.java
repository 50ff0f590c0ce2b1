/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sentry;

import io.sentry.AsyncHttpTransportFactory;
import io.sentry.ITransportFactory;
import io.sentry.NoOpTransportFactory;
import io.sentry.RequestDetails;
import io.sentry.SentryOptions;
import io.sentry.transport.ITransport;

/** Our parts in options of the application whose client is still to be made, and whether it was made with them. */
final class EarlyParts {
    private final SentryOptions options;
    private final Parts parts;
    private final Guarded transport;

    private EarlyParts(SentryOptions options, Parts parts, Guarded transport) {
        this.options = options;
        this.parts = parts;
        this.transport = transport;
    }

    static EarlyParts install(
            SentryOptions options,
            ITransportFactory transport,
            ForeignEvents processor,
            SentryOwner.PartsInstaller installer) {
        Guarded guarded = new Guarded(transport, options.getTransportFactory());
        return new EarlyParts(options, installer.install(options, guarded, processor), guarded);
    }

    boolean isOf(SentryOptions others) {
        return options == others;
    }

    Parts parts() {
        return parts;
    }

    boolean madeTheTransport() {
        return transport.made;
    }

    /** It is the application's own init that asks this: where ours fails, it gets what it would have had. */
    private static final class Guarded implements ITransportFactory {
        private final ITransportFactory ours;
        private final ITransportFactory theirs;
        private volatile boolean made;

        Guarded(ITransportFactory ours, ITransportFactory theirs) {
            this.ours = ours;
            this.theirs = theirs instanceof NoOpTransportFactory ? new AsyncHttpTransportFactory() : theirs;
        }

        @Override
        public ITransport create(SentryOptions options, RequestDetails request) {
            try {
                ITransport transport = ours.create(options, request);
                made = true;
                return transport;
            } catch (RuntimeException | LinkageError e) {
                Log.first("sentry.transport", "Sentry of the application goes on with its own transport", e);
                return theirs.create(options, request);
            }
        }
    }
}
