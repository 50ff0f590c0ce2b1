/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard;

import io.tracebridge.dashboard.ingest.IngestOptions;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** The command line: arguments, the link on the terminal, an orderly end. */
@Command(
        name = "tracebridge-dashboard",
        sortOptions = false,
        usageHelpWidth = 100,
        description = "Errors beside their traces, on this machine. Takes Sentry envelopes and OTLP on one port.",
        footer = {
            "",
            "Each option can be set in the environment: --max-bytes is TRACEBRIDGE_DASHBOARD_MAX_BYTES,",
            "--no-auth is TRACEBRIDGE_DASHBOARD_NO_AUTH=true. An empty variable is as none.",
            "TRACEBRIDGE_INGEST_KEYS=a,b in the environment: senders must present one of these keys, as the",
            "public key of a Sentry DSN, as x-otlp-api-key or as a bearer token.",
            "Stop with Ctrl-C."
        })
final class Main implements Callable<Integer> {
    private static final String ENVIRONMENT = "TRACEBRIDGE_DASHBOARD_";

    @Option(
            names = "--port",
            paramLabel = "PORT",
            converter = PortReader.class,
            description = "Port of pages, API and telemetry; 0 for a free one. Default: 8969")
    private int port = DashboardOptions.DEFAULT_PORT;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            description = "Address to listen at. Default: 127.0.0.1, this machine only")
    private String host = DashboardOptions.DEFAULT_HOST;

    @Option(
            names = "--data",
            paramLabel = "DIR|memory",
            description = "Folder of the data, or 'memory' to keep nothing. Default: a folder for your user")
    private String data = "";

    @Option(
            names = "--max-bytes",
            paramLabel = "SIZE",
            description = "What the data may take, such as 500MB or 2GiB. Default: 1GiB")
    private String maxBytes = "1GiB";

    @Option(
            names = "--token",
            paramLabel = "VALUE",
            description = "Token that pages and API ask for. Default: a new one, which works once. Other users of this"
                    + " machine may see arguments: prefer the environment")
    private String token = "";

    @Option(names = "--no-auth", fallbackValue = "true", description = "Ask for no token. Only at a loopback address")
    private boolean noAuth;

    @Option(
            names = "--no-aliases",
            fallbackValue = "true",
            description = "Do not also listen at 4317 and 4318, where OpenTelemetry sends by default")
    private boolean noAliases;

    @Option(names = "--help", usageHelp = true, description = "Show this and exit")
    @SuppressWarnings("unused") // picocli reads it
    private boolean help;

    @Option(names = "--version", versionHelp = true, description = "Print the version and exit")
    @SuppressWarnings("unused") // picocli reads it
    private boolean version;

    @Spec
    private @Nullable CommandSpec spec;

    Main() {}

    public static void main(String[] arguments) {
        TerminalLog.install();
        System.exit(run(arguments));
    }

    static int run(String... arguments) {
        return commandLine(new Main(), System.getenv()).execute(arguments);
    }

    /** Reads options from arguments, then from the environment. */
    static CommandLine commandLine(Main main, Map<String, String> environment) {
        CommandLine line = new CommandLine(main);
        line.getCommandSpec().version("Tracebridge dashboard " + Features.version());
        return line.setDefaultValueProvider(argument -> {
                    // a version in the environment is not a wish to see ours
                    String value = argument instanceof OptionSpec option && !option.versionHelp() && !option.usageHelp()
                            ? environment.get(ENVIRONMENT
                                    + option.longestName()
                                            .substring(2)
                                            .replace('-', '_')
                                            .toUpperCase(Locale.ROOT))
                            : null;
                    return value == null || value.isBlank() ? null : value;
                })
                .setParameterExceptionHandler((failure, refused) -> {
                    failure.getCommandLine()
                            .getErr()
                            .println(failure.getMessage() + setOutside(environment) + "\n--help shows all options.");
                    return 2;
                })
                .setExecutionExceptionHandler((failure, command, result) -> {
                    if (failure instanceof DashboardStartException) {
                        command.getErr().println(failure.getMessage());
                        return 2;
                    }
                    throw failure;
                });
    }

    /** Who did not give an argument looks for the value in the wrong place. */
    private static String setOutside(Map<String, String> environment) {
        String names = environment.keySet().stream()
                .filter(name -> name.startsWith(ENVIRONMENT))
                .sorted()
                .collect(Collectors.joining(", "));
        return names.isEmpty() ? "" : "\nSet in the environment: " + names;
    }

    /** Says what a port is: "not an int" helps nobody. */
    private static final class PortReader implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String value) {
            try {
                return Integer.valueOf(value.strip());
            } catch (NumberFormatException notNumeric) {
                throw new TypeConversionException("'" + value + "' is no port, must be 0 to 65535");
            }
        }
    }

    @Override
    public Integer call() throws InterruptedException {
        PrintStream out = System.out;
        CountDownLatch ended = new CountDownLatch(1);
        DashboardOptions options = options();
        try (DashboardServer server =
                DashboardServer.start(options, next -> out.println("Opened. For another browser: " + next))) {
            // a signal ends the JVM at once unless a hook waits for the orderly end
            Thread hook = new Thread(server::close, "tracebridge-shutdown");
            Runtime.getRuntime().addShutdownHook(hook);
            greet(out, server, options.data());
            ended.await();
            return 0;
        }
    }

    static void greet(PrintStream out, DashboardServer server, @Nullable Path data) {
        String authority = server.url().getAuthority();
        out.println("Tracebridge dashboard: " + server.link());
        out.println("  Sentry DSN      http://local@" + authority + "/1");
        out.println("  OTLP endpoint   http://" + authority + ports(server));
        out.println("  Data            " + (data == null ? "in memory, gone at the end" : data));
        if (!server.isLocal()) {
            boolean asksForKeys = !IngestOptions.from(System::getenv).keys().isEmpty();
            out.println("  WARNING: others can reach this address. Pages ask for the token; telemetry is taken from "
                    + (asksForKeys ? "who has a key" : "anybody") + ", unencrypted.");
        }
        out.flush();
    }

    private static String ports(DashboardServer server) {
        return named(", also at port ", server.aliases(), "")
                + named(", not at ", server.takenAliases(), ": taken by another program");
    }

    private static String named(String before, List<Integer> ports, String after) {
        return ports.isEmpty()
                ? ""
                : ports.stream().map(String::valueOf).collect(Collectors.joining(" and ", before, after));
    }

    DashboardOptions options() {
        try {
            return new DashboardOptions(
                    port,
                    host,
                    data.equals("memory") ? null : data.isEmpty() ? DataPlace.ofUser() : Path.of(data),
                    ByteSize.parse("max-bytes", maxBytes),
                    token.isEmpty() ? null : token,
                    !noAuth,
                    !noAliases);
        } catch (IllegalArgumentException e) {
            CommandLine command = spec == null ? new CommandLine(this) : spec.commandLine();
            throw new ParameterException(command, String.valueOf(e.getMessage()), e);
        }
    }
}
