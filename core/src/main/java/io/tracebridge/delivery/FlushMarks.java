/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.delivery;

import java.util.ArrayList;
import java.util.List;

/** How far each flush under way has come. Guarded by the backlog's lock. */
final class FlushMarks {
    private final List<Mark> marks = new ArrayList<>();

    /** Waits for payloads accepted before it, of which this many were not tried yet. */
    Mark set(long before, long untried) {
        Mark mark = new Mark(before, untried);
        marks.add(mark);
        return mark;
    }

    void remove(Mark mark) {
        marks.remove(mark);
    }

    /** A payload was tried for the first time, or is gone. */
    void tried(long sequence) {
        for (Mark mark : marks) {
            if (sequence < mark.before) {
                mark.untried--;
            }
        }
    }

    /** One flush. */
    static final class Mark {
        private final long before;
        private long untried;

        private Mark(long before, long untried) {
            this.before = before;
            this.untried = untried;
        }

        boolean reached() {
            return untried == 0;
        }
    }
}
