/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.examples.demo;

import io.opentelemetry.api.GlobalOpenTelemetry;
import io.tracebridge.Tracebridge;
import io.tracebridge.dashboard.DashboardOptions;
import io.tracebridge.dashboard.DashboardServer;
import io.tracebridge.examples.scene.Fault;
import io.tracebridge.examples.scene.SceneApp;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/**
 * The main job: serves the scene generator, pushes prompts through it, and says what happened and where to look. When
 * nothing is configured a dashboard runs in the same process and receives everything.
 */
public final class Demo {
    private static final Duration SETTLE = Duration.ofSeconds(30);

    private final DemoOptions options;
    private final PrintStream out;

    private Demo(DemoOptions options, PrintStream out) {
        this.options = options;
        this.out = out;
    }

    /** Exits with 2 on a bad argument, 1 when an event was lost or its trace is not complete, else 0. */
    public static void main(String[] args) throws Exception {
        PrintStream out = new PrintStream(System.out, true, Charset.defaultCharset());
        DemoOptions options = new DemoOptions();
        CommandLine commandLine = new CommandLine(options).setCommandName("demo");
        try {
            commandLine.parseArgs(args);
            options.check();
        } catch (CommandLine.ParameterException | IllegalArgumentException refused) {
            System.err.println(refused.getMessage());
            System.exit(2);
        }
        if (options.help) {
            commandLine.usage(out);
            return;
        }
        System.exit(options.kill ? new KillDemo(out).run() : new Demo(options, out).run());
    }

    private int run() throws Exception {
        // the pages show live figures; once a minute is the default
        System.setProperty("otel.metric.export.interval", "1000");
        try (DashboardServer dashboard = configured() ? null : startDashboard();
                Tracebridge bridge = startBridge(dashboard);
                SceneApp app = startApp()) {
            out.println("Scene generator: " + app.url());
            List<Driver.Request> requests = new Driver(app.url(), out).run(options.runs, options.faults);
            bridge.flush(SETTLE);
            Summary summary = summarise(requests, dashboard);
            report(summary, app, dashboard);
            if (!options.exit) {
                out.println("Stays up; end it with Ctrl+C.");
                new CountDownLatch(1).await();
            }
            return summary.kept() ? 0 : 1;
        }
    }

    /** Whether the environment names a backend: then everything goes there, and nothing is started here. */
    private static boolean configured() {
        return List.of(
                        "SENTRY_DSN",
                        "OTLP_ENDPOINT",
                        "OTEL_EXPORTER_OTLP_ENDPOINT",
                        "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
                .stream()
                .anyMatch(name -> {
                    String value = System.getenv(name);
                    return value != null && !value.isBlank();
                });
    }

    private static DashboardServer startDashboard() {
        boolean free = isFree(DashboardOptions.DEFAULT_PORT);
        return DashboardServer.start(DashboardOptions.defaults()
                .withPort(free ? DashboardOptions.DEFAULT_PORT : 0)
                .withAliases(false)
                .withData(null));
    }

    private Tracebridge startBridge(@Nullable DashboardServer dashboard) {
        Tracebridge.Builder builder = Tracebridge.builder()
                .serviceName("scene-generator")
                .tracing(true)
                // lines of the log, beside errors: the appender sends them where Sentry's logs are switched on
                .sentry(sentry -> sentry.getLogs().setEnabled(true))
                .samplingRate(options.sampling);
        if (dashboard != null) {
            String url = "http://127.0.0.1:" + dashboard.port();
            builder.environment("demo")
                    .dsn("http://demo@127.0.0.1:" + dashboard.port() + "/1")
                    .otlpEndpoint(url)
                    .traceUrlTemplate(url + "/traces/{traceId}?span={spanId}");
        }
        return builder.start();
    }

    private SceneApp startApp() throws Exception {
        int port = options.port == 0 || isFree(options.port) ? options.port : 0;
        return SceneApp.start(GlobalOpenTelemetry.get(), port, options.slowTools());
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }

    private Summary summarise(List<Driver.Request> requests, @Nullable DashboardServer dashboard) throws Exception {
        Map<Fault, Integer> failures = new EnumMap<>(Fault.class);
        for (Driver.Request request : requests) {
            if (request.fault() != Fault.NONE) {
                failures.merge(request.fault(), 1, Integer::sum);
            }
        }
        if (dashboard == null) {
            return new Summary(requests.size(), failures, null);
        }
        DashboardClient client = DashboardClient.open(dashboard.link());
        long end = System.nanoTime() + SETTLE.toNanos();
        int expected = failures.values().stream().mapToInt(Integer::intValue).sum();
        while (true) {
            Summary.Received received = received(requests, client);
            boolean settled = received.events() >= expected && received.eventsWithCompleteTrace() >= received.events();
            if (settled || System.nanoTime() - end > 0) {
                return new Summary(requests.size(), failures, received);
            }
            Thread.sleep(200);
        }
    }

    private static Summary.Received received(List<Driver.Request> requests, DashboardClient client) throws Exception {
        Set<String> eventIds = new HashSet<>();
        int traces = 0;
        int complete = 0;
        int ordinary = 0;
        for (Driver.Request request : requests) {
            DashboardClient.StoredTrace stored = client.trace(request.traceId());
            if (stored == null) {
                continue;
            }
            traces++;
            if (request.fault() == Fault.NONE) {
                ordinary++;
                continue;
            }
            boolean whole = stored.spanIds().equals(SpanLedger.ended(request.traceId()));
            for (String eventId : stored.eventIds()) {
                if (eventIds.add(eventId) && whole) {
                    complete++;
                }
            }
        }
        return new Summary.Received(eventIds.size(), traces, complete, ordinary);
    }

    private void report(Summary summary, SceneApp app, @Nullable DashboardServer dashboard) throws IOException {
        out.println(summary.json());
        if (options.summary != null) {
            summary.write(options.summary);
        }
        out.println("Try a failure yourself: " + app.url());
        if (dashboard != null) {
            out.println("Errors, traces and bottlenecks: " + dashboard.link());
        }
    }
}
