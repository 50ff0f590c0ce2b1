/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.delivery;

/** Threads that keep no process alive and hold nothing of the thread that made them. */
final class DaemonThreads {
    private DaemonThreads() {}

    static Thread start(String name, Runnable work) {
        Thread thread = new Thread(null, work, name, 0, false);
        thread.setDaemon(true);
        // the caller's loader may be a web application's, which must be able to go
        thread.setContextClassLoader(DaemonThreads.class.getClassLoader());
        thread.start();
        return thread;
    }
}
