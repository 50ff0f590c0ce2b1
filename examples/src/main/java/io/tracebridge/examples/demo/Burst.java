/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.examples.demo;

import static io.tracebridge.Tracebridge.captureError;
import static io.tracebridge.Tracebridge.withSpan;

import io.tracebridge.Tracebridge;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/**
 * The process that {@link KillDemo} ends: captures errors as fast as it can, tells each event id once the capture has
 * returned, and kills itself in the middle of delivering them. Started again with no errors to capture, it delivers
 * what its predecessor left.
 */
final class Burst {
    private Burst() {}

    /** Arguments: DSN, spool folder, number of errors; 0 delivers only. */
    public static void main(String[] args) throws Exception {
        int errors = Integer.parseInt(args[2]);
        Tracebridge bridge = Tracebridge.builder()
                .dsn(args[0])
                .spoolDir(Path.of(args[1]))
                .environment("demo")
                .serviceName("burst")
                .start();
        if (errors == 0) {
            bridge.flush(Duration.ofSeconds(20));
            bridge.close();
            return;
        }
        StringBuilder captured = new StringBuilder();
        for (int i = 0; i < errors; i++) {
            int number = i;
            captured.append(withSpan(
                            "burst.step", () -> captureError(new IllegalStateException("Burst failure " + number))))
                    .append(System.lineSeparator());
        }
        System.out.print(captured);
        System.out.flush();
        killThisProcess();
    }

    /** No hook runs, nothing is flushed: what is not on disk by now is gone. */
    private static void killThisProcess() throws IOException, InterruptedException {
        new ProcessBuilder(
                        "kill", "-KILL", String.valueOf(ProcessHandle.current().pid()))
                .start();
        new CountDownLatch(1).await();
    }
}
