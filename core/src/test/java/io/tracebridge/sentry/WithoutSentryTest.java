/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sentry;

import static org.assertj.core.api.Assertions.assertThat;

import io.tracebridge.scrub.RuleScrubber;
import io.tracebridge.settings.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** A class path on which there is no Sentry at all. */
class WithoutSentryTest {
    @Test
    @SuppressWarnings("unchecked")
    void bridge_isOff_andNothingThrows() throws Exception {
        Class<?> program = new NoSentry().loadClass(Program.class.getName());

        Supplier<String> started =
                (Supplier<String>) program.getDeclaredConstructor().newInstance();

        assertThat(started.get()).isEqualTo("active=false, id=, exported=true");
    }

    /** Loaded by {@link NoSentry}. */
    public static final class Program implements Supplier<String> {
        @Override
        public String get() {
            SentryBridge bridge = SentryBridge.builder(
                            Settings.builder().dsn("http://k@127.0.0.1:1/1").build())
                    .scrubber(RuleScrubber.create())
                    .outboxes(destination -> {
                        throw new AssertionError("nothing to send to");
                    })
                    .start();
            String result = "active=" + bridge.active()
                    + ", id=" + bridge.send(BridgeFixture.error(new IllegalStateException()))
                    + ", exported=" + bridge.spanExporter().export(List.of()).isSuccess();
            bridge.textMapPropagator();
            bridge.flush(Duration.ofMillis(1));
            bridge.close(Duration.ofMillis(1));
            return result;
        }
    }

    /** Our classes, loaded again, see no class of Sentry. */
    private static final class NoSentry extends ClassLoader {
        NoSentry() {
            super(WithoutSentryTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("io.sentry.")) {
                throw new ClassNotFoundException(name);
            }
            if (!name.startsWith("io.tracebridge.")) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded == null ? define(name) : loaded;
            }
        }

        private Class<?> define(String name) throws ClassNotFoundException {
            try (InputStream bytes = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] code = bytes.readAllBytes();
                return defineClass(name, code, 0, code.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }
}
