/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.delivery;

import java.io.IOException;

/** Where the records of one segment lie. Appends come from one thread at a time, the rest from any. */
interface Storage {
    /**
     * Adds a whole record at the end. After a failure nothing may be appended any more.
     * @return its offset
     */
    int append(byte[] record) throws IOException;

    byte[] read(int offset, int length) throws IOException;

    /** Changes the state of a record: a number of attempts, or {@link RecordFormat#DONE}. */
    void mark(int offset, int state) throws IOException;

    /** Whether it survives the process. */
    boolean durable();

    /** Whether it is still where a later process would find it. */
    boolean intact();

    /** Makes what was appended survive the machine. */
    void sync() throws IOException;

    /** No appends from now on; the next {@link #sync} gives back what they needed. */
    void seal();

    /** Gives back all resources, keeping the file. */
    void close();

    void delete();
}
