/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.regex.Pattern;

/** What the command line logs: a line each on the terminal, from INFO on for our own parts and SEVERE for the rest. */
final class TerminalLog extends Formatter {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");
    /** They could steer the terminal. */
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

    private static final Pattern CONTROL_BUT_LAYOUT = Pattern.compile("[\\p{Cntrl}&&[^\\n\\t]]");
    /** Held here because the JDK's log manager forgets the level of a logger that nobody holds. */
    private static final Logger OURS = Logger.getLogger("io.tracebridge");

    /** To be called before anything is logged. A file that the user names in {@code java.util.logging.config.file} wins. */
    static void install() {
        if (System.getProperty("java.util.logging.config.file") != null
                || System.getProperty("java.util.logging.config.class") != null) {
            return;
        }
        Logger root = Logger.getLogger("");
        for (Handler handler : root.getHandlers()) {
            root.removeHandler(handler);
        }
        Handler terminal = new ConsoleHandler();
        terminal.setLevel(Level.ALL);
        terminal.setFormatter(new TerminalLog());
        root.addHandler(terminal);
        root.setLevel(Level.SEVERE);
        OURS.setLevel(Level.INFO);
    }

    @Override
    public String format(LogRecord entry) {
        StringBuilder line = new StringBuilder(100)
                .append(TIME.format(Instant.ofEpochMilli(entry.getMillis()).atZone(ZoneId.systemDefault())))
                .append(' ')
                .append(level(entry.getLevel()))
                .append(' ')
                .append(CONTROL.matcher(formatMessage(entry)).replaceAll(" "))
                .append('\n');
        if (entry.getThrown() != null) {
            StringWriter trace = new StringWriter();
            entry.getThrown().printStackTrace(new PrintWriter(trace));
            line.append(CONTROL_BUT_LAYOUT.matcher(trace.toString()).replaceAll(" "));
        }
        return line.toString();
    }

    private static String level(Level level) {
        if (level.intValue() >= Level.SEVERE.intValue()) {
            return "ERROR";
        }
        return level.intValue() >= Level.WARNING.intValue() ? "WARN " : "INFO ";
    }
}
