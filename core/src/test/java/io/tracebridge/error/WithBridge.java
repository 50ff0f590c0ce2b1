/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.error;

import static org.assertj.core.api.Assertions.catchThrowable;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A bridge of its own for each test, and short ways to fail and to tell it. */
abstract class WithBridge {
    TestBridge bridge;

    @BeforeEach
    void start() {
        bridge = TestBridge.start();
    }

    @AfterEach
    void stop() {
        bridge.close();
    }

    static String capture(Throwable throwable) {
        return ErrorReport.of(throwable).send();
    }

    LogEvent.Builder errorLog(Throwable throwable) {
        return LogEvent.builder(bridge.clock.instant(), "error", "com.acme.Scenes", "scene failed")
                .throwable(throwable);
    }

    /** Lets the application's exceptions end here. */
    static Throwable failing(ThrowingCallable work) {
        return catchThrowable(work);
    }
}
