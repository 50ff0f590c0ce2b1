/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

class TerminalLogTest {
    private final TerminalLog log = new TerminalLog();

    @Test
    void entry_isOneLineWithTimeAndLevel() {
        assertThat(log.format(new LogRecord(Level.WARNING, "the disk is full")))
                .matches("\\d\\d:\\d\\d:\\d\\d WARN {2}the disk is full\n");
    }

    @Test
    void controlCharacters_doNotReachTheTerminal() {
        LogRecord entry = new LogRecord(Level.SEVERE, "title\u001b]0;x\u0007\nforged line");
        entry.setThrown(new IllegalStateException("red \u001b[31m"));

        String line = log.format(entry);

        assertThat(line).contains("ERROR title ]0;x  forged line\n").doesNotContain("\u001b", "\u0007");
        assertThat(line)
                .contains("IllegalStateException: red  [31m")
                .contains("\n\tat " + getClass().getName());
    }
}
