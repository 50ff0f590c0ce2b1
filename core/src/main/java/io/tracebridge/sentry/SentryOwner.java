/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sentry;

import io.sentry.ExternalOptions;
import io.sentry.IScopes;
import io.sentry.ISentryClient;
import io.sentry.ITransportFactory;
import io.sentry.InitPriority;
import io.sentry.Integration;
import io.sentry.RequestDetailsResolver;
import io.sentry.Sentry;
import io.sentry.SentryClient;
import io.sentry.SentryOptions;
import io.sentry.config.PropertiesProviderFactory;
import io.tracebridge.settings.Settings;
import java.io.Closeable;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Owns the one question about Sentry's static instance: whose is it? It is initialised here when nobody has done so;
 * an instance of the application, also one that comes later, is adopted: its options get our parts, its client is
 * replaced by one with our transport, everything else of it stays.
 *
 * <p>Thread-safe. {@link #ready()} is a few volatile reads when nothing has changed.
 */
final class SentryOwner {
    private final Settings settings;
    private final ITransportFactory transport;
    private final Function<SentryOptions, ForeignEvents> processors;
    private final Consumer<SentryOptions> callback;
    private final PartsInstaller installer;
    private final ReentrantLock lock = new ReentrantLock();

    private volatile @Nullable SentryOptions current;
    private @Nullable Parts parts;
    private @Nullable EarlyParts early;
    private boolean ours;
    private volatile boolean closed;

    /** Puts our parts into an options object. */
    interface PartsInstaller {
        Parts install(SentryOptions options, ITransportFactory transport, ForeignEvents processor);
    }

    SentryOwner(
            Settings settings,
            ITransportFactory transport,
            Function<SentryOptions, ForeignEvents> processors,
            Consumer<SentryOptions> callback,
            PartsInstaller installer) {
        this.settings = settings;
        this.transport = transport;
        this.processors = processors;
        this.callback = callback;
        this.installer = installer;
    }

    /** Initialises Sentry, or adopts the application's. */
    void start() {
        lock.lock();
        try {
            if (Sentry.isEnabled()) {
                adopt(Sentry.getGlobalScope().getOptions());
            } else {
                init();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The options in force, with our parts in them; null when there is no enabled Sentry. */
    @Nullable
    SentryOptions ready() {
        if (closed || !Sentry.isEnabled()) {
            return null;
        }
        SentryOptions inForce = Sentry.getGlobalScope().getOptions();
        if (inForce == current) {
            return inForce;
        }
        lock.lock();
        try {
            if (!closed && Sentry.getGlobalScope().getOptions() != current) {
                adopt(Sentry.getGlobalScope().getOptions());
            }
            return closed ? null : current;
        } finally {
            lock.unlock();
        }
    }

    private void init() {
        SentryOptions options = options();
        if (options == null) {
            watch(InitWatch.AT_LEISURE); // the application may have a DSN of its own
            return;
        }
        parts = installer.install(options, transport, processors.apply(options));
        options.addIntegration(new Watch());
        current = options;
        ours = true;
        Sentry.init(options);
    }

    private @Nullable SentryOptions options() {
        SentryOptions options = new SentryOptions();
        options.setSendModules(false);
        options.setPrintUncaughtStackTrace(true);
        options.merge(ExternalOptions.from(PropertiesProviderFactory.create(), options.getLogger()));
        options.setEnableExternalConfiguration(false); // merged above: a second time it would win over the builder
        options.setTracesSampleRate(null); // the rate is our head rate; set here it would start Sentry's own tracing
        options.setInitPriority(InitPriority.LOWEST); // the application's own init may always replace this one
        options.setEnableShutdownHook(false);
        if (settings.dsn() != null) {
            options.setDsn(settings.dsn());
        }
        if (settings.release() != null) {
            options.setRelease(settings.release());
        }
        options.setEnvironment(settings.environment());
        try {
            callback.accept(options);
        } catch (VirtualMachineError fatal) {
            throw fatal;
        } catch (Throwable e) { // the application's code: an assertion, for example
            Log.first("sentry.callback", "The callback for Sentry's options failed; what it had set by then stays", e);
        }
        return hasDsn(options) ? options : null;
    }

    private static boolean hasDsn(SentryOptions options) {
        String dsn = options.getDsn();
        if (dsn == null || dsn.isBlank() || !options.isEnabled()) {
            return false;
        }
        try {
            new RequestDetailsResolver(dsn, null).resolve();
            return true;
        } catch (RuntimeException e) {
            Log.first(
                    "sentry.dsn",
                    "SENTRY_DSN is not a DSN (it looks like https://KEY@HOST/PROJECT): errors are not sent to Sentry",
                    e);
            return false;
        }
    }

    private void adopt(SentryOptions options) {
        EarlyParts ahead = early != null && early.isOf(options) ? early : null;
        Parts installed =
                ahead == null ? installer.install(options, transport, processors.apply(options)) : ahead.parts();
        try {
            if (ahead == null || !ahead.madeTheTransport()) {
                options.setTransportFactory(transport);
                replaceClient(options);
            }
        } catch (RuntimeException | LinkageError e) {
            installed.remove();
            closed = true; // the application's Sentry stays as it is; trying again would fail again
            throw e;
        }
        options.addIntegration(new Watch());
        parts = installed;
        current = options;
        ours = false;
        early = null;
        Log.info("Sentry was initialised by the application; Tracebridge now delivers, links and scrubs what it sends");
    }

    /**
     * Puts our parts into options that a {@code Sentry.init} has taken, before it makes its client from them: then not
     * even the first capture after it goes past us. When it is too late for that, {@link #adopt} replaces the client.
     */
    private void prepare() {
        SentryOptions coming = Sentry.getGlobalScope().getOptions();
        if (coming == current || coming.getDsn() == null || Sentry.isEnabled()) {
            return;
        }
        lock.lock();
        try {
            if (!closed && (early == null || !early.isOf(coming))) {
                early = EarlyParts.install(coming, transport, processors.apply(coming), installer);
            }
        } finally {
            lock.unlock();
        }
    }

    // a second Sentry.init would clear the application's scopes and unregister its integrations
    private static void replaceClient(SentryOptions options) {
        ISentryClient before = Sentry.getGlobalScope().getClient();
        Sentry.getGlobalScope().bindClient(new SentryClient(options));
        Thread closer = new Thread(
                () -> {
                    before.flush(options.getFlushTimeoutMillis());
                    before.close(true);
                },
                "tracebridge-sentry-replaced-client");
        closer.setDaemon(true);
        closer.start();
    }

    /** Ends our part in it: closes a Sentry of ours, gives an application's back as it was. Safe to call twice. */
    void close(Duration timeout) {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            if (early != null) {
                early.parts().remove();
            }
            SentryOptions options = current;
            if (options == null || Sentry.getGlobalScope().getOptions() != options || !Sentry.isEnabled()) {
                return;
            }
            if (ours) {
                options.setShutdownTimeoutMillis(Math.max(1, timeout.toMillis()));
                Sentry.close();
            } else if (parts != null) {
                parts.remove();
                replaceClient(options);
            }
        } finally {
            lock.unlock();
        }
    }

    private void watch(InitWatch pace) {
        SentryOptions left = current;
        pace.start(() -> {
            if (closed || current != left) {
                return false;
            }
            try {
                prepare();
                return ready() == null || current == left;
            } catch (RuntimeException | LinkageError e) {
                Log.first("sentry.adopt", "Sentry of the application could not be adopted", e);
                return false;
            }
        });
    }

    /** Hears that an instance is closed, which is what {@code Sentry.init} does first, and looks for the next one. */
    private final class Watch implements Integration, Closeable {
        @Override
        public void register(IScopes scopes, SentryOptions options) {}

        @Override
        public void close() {
            if (!closed) {
                watch(InitWatch.AT_ONCE);
            }
        }
    }
}
