/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class OptionsTest {
    @ParameterizedTest
    @CsvSource({
        "1GiB, 1073741824",
        "500MB, 500000000",
        "2g, 2147483648",
        "8388608, 8388608",
        "64 MiB, 67108864",
        "1t, 1099511627776"
    })
    void size_isReadAsPeopleWriteIt(String text, long bytes) {
        assertThat(ByteSize.parse("max-bytes", text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "much", "-1", "1.5GB", "9999999999999999999", "999999999999TiB", "5 XB"})
    void size_isRefused_whenItIsNone(String text) {
        assertThatThrownBy(() -> ByteSize.parse("max-bytes", text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void badOption_namesItselfValueAndRange() {
        DashboardOptions options = DashboardOptions.defaults();

        assertThatThrownBy(() -> options.withPort(70_000)).hasMessage("port is 70000, must be 0 to 65535");
        assertThatThrownBy(() -> options.withMaxBytes(5)).hasMessageContaining("at least 8 MiB");
        assertThatThrownBy(() -> options.withToken("short"))
                .hasMessageContaining("16")
                .hasMessageNotContaining("short ");
        assertThat(options.withToken("a-secret-of-the-user").toString()).doesNotContain("a-secret");
    }

    @Test
    void data_liveWhereTheSystemKeepsState() {
        assertThat(DataPlace.of("Linux", "/home/a", Map.of()))
                .isEqualTo(Path.of("/home/a/.local/state/tracebridge/dashboard"));
        assertThat(DataPlace.of("Linux", "/home/a", Map.of("XDG_STATE_HOME", "/state")))
                .isEqualTo(Path.of("/state/tracebridge/dashboard"));
        assertThat(DataPlace.of("Mac OS X", "/Users/a", Map.of()))
                .isEqualTo(Path.of("/Users/a/Library/Application Support/tracebridge/dashboard"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--port=x",
                "--port=70000",
                "--max-bytes=much",
                "--max-bytes=999999999999TiB",
                "--token=short",
                "--unknown"
            })
    void commandLine_refuses_whenAnArgumentIsWrong(String argument) {
        assertThat(Main.run(argument)).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "--port=abc | --port | 'abc' is no port, must be 0 to 65535",
                "--port=70000 | port | 70000, must be 0 to 65535",
                "--max-bytes=tiny | max-bytes | \"tiny\", which is no size; write a whole number and a unit",
                "--max-bytes=1 | max-bytes | 1, needs at least 8 MiB",
                "--token=short | token | 16 to 200 letters",
                "--no-auth=maybe | --no-auth | 'maybe' is not a boolean"
            })
    void commandLine_namesSettingValueAndRange(String argument, String setting, String rest) {
        assertThat(refusal(Map.of(), argument)).contains(setting, rest).doesNotContain("environment");
    }

    @Test
    void commandLine_saysThatTheEnvironmentSetsOptions_whenItRefusesOne() {
        assertThat(refusal(Map.of("TRACEBRIDGE_DASHBOARD_PORT", "abc", "OTHER", "x")))
                .contains("'abc' is no port", "Set in the environment: TRACEBRIDGE_DASHBOARD_PORT")
                .doesNotContain("OTHER");
    }

    private static String refusal(Map<String, String> environment, String... arguments) {
        StringWriter said = new StringWriter();
        CommandLine line = Main.commandLine(new Main(), environment).setErr(new PrintWriter(said, true));
        assertThat(line.execute(arguments)).isEqualTo(2);
        return said.toString();
    }

    @Test
    void address_isNamed_whenItIsAnotherMachines() {
        // 192.0.2.0/24 is for documents: no machine has it
        DashboardOptions options = DashboardOptions.defaults().withHost("192.0.2.77");

        assertThatThrownBy(() -> Listeners.choose(options.withPort(0)))
                .hasMessageContaining("no address of this machine");
        assertThatThrownBy(() -> Listeners.choose(options)).hasMessageContaining("no address of this machine");
    }

    private static DashboardOptions options(Map<String, String> environment, String... arguments) {
        Main main = new Main();
        Main.commandLine(main, environment).parseArgs(arguments);
        return main.options();
    }

    @Test
    void environment_setsWhatNoArgumentDoes() {
        Map<String, String> environment = Map.of(
                "TRACEBRIDGE_DASHBOARD_PORT", "8970",
                "TRACEBRIDGE_DASHBOARD_HOST", "",
                "TRACEBRIDGE_DASHBOARD_MAX_BYTES", "64MiB",
                "TRACEBRIDGE_DASHBOARD_DATA", "memory",
                "TRACEBRIDGE_DASHBOARD_NO_AUTH", "true",
                "TRACEBRIDGE_DASHBOARD_NO_ALIASES", "true");

        DashboardOptions set = options(environment);

        assertThat(set.port()).isEqualTo(8970);
        assertThat(set.host()).as("an empty variable is as none").isEqualTo("127.0.0.1");
        assertThat(set.maxBytes()).isEqualTo(64L << 20);
        assertThat(set.data()).isNull();
        assertThat(set.auth()).isFalse();
        assertThat(set.aliases()).isFalse();
        assertThat(options(environment, "--port=0").port()).isZero();
    }

    @Test
    void environment_isNotAskedForHelpOrVersion() {
        // images carry such variables for their own use
        Map<String, String> environment =
                Map.of("TRACEBRIDGE_DASHBOARD_VERSION", "0.1.0", "TRACEBRIDGE_DASHBOARD_HELP", "see the wiki");

        assertThat(options(environment, "--port=0").port()).isZero();
    }

    @Test
    void flag_meansTheSame_whetherOrNotTheEnvironmentSetsItToo() {
        assertThat(options(Map.of(), "--no-auth", "--no-aliases"))
                .satisfies(set -> assertThat(set.auth() || set.aliases()).isFalse());
        assertThat(options(
                        Map.of("TRACEBRIDGE_DASHBOARD_NO_AUTH", "true", "TRACEBRIDGE_DASHBOARD_NO_ALIASES", "true"),
                        "--no-auth",
                        "--no-aliases"))
                .satisfies(set -> assertThat(set.auth() || set.aliases()).isFalse());
        assertThat(options(Map.of()).auth()).isTrue();
        assertThat(options(Map.of()).aliases()).isTrue();
    }

    @Test
    void commandLine_helps() {
        assertThat(Main.run("--help")).isZero();
    }
}
