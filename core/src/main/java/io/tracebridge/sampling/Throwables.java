/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sampling;

/** What to do with anything that a callback of ours, or a foreign call, threw. */
final class Throwables {
    private Throwables() {}

    /** Lets errors of the virtual machine pass; everything else stays with us. */
    static void rethrowIfFatal(Throwable thrown) {
        if (thrown instanceof VirtualMachineError fatal) {
            throw fatal;
        }
        if (thrown instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
    }
}
