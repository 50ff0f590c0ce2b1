/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.context;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The border to everything that is not ours: what fails behind it is logged at debug and never reaches the application. */
final class Guard {
    private static final Logger LOG = LoggerFactory.getLogger("io.tracebridge");

    private Guard() {}

    static void run(Runnable foreign) {
        try {
            foreign.run();
        } catch (VirtualMachineError fatal) {
            throw fatal;
        } catch (Throwable failed) {
            log(failed);
        }
    }

    /**
     * For what the application's own methods throw when they are asked something: any {@code Error} can come, an
     * assertion or a class that is missing. A full stack is their doing, too; an exhausted heap goes on.
     */
    static void unlessFatal(Throwable thrown) {
        if (thrown instanceof VirtualMachineError fatal && !(thrown instanceof StackOverflowError)) {
            throw fatal;
        }
    }

    static void log(Throwable failed) {
        try {
            LOG.debug("A step could not be recorded completely", failed);
        } catch (RuntimeException | LinkageError noLog) {
            // the application's logging is broken, too: nothing is left to tell it
        }
    }
}
