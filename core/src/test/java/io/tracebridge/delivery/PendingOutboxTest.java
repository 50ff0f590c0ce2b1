/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.tracebridge.metrics.Accounting;
import io.tracebridge.metrics.DropReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PendingOutboxTest {
    private final Accounting accounting = new Accounting();
    private final PendingOutbox pending = new PendingOutbox(accounting);
    private final Recording destination = new Recording();

    private static Payload payload(String id) {
        return new Payload("error", id, Map.of("error", 1), new byte[] {1});
    }

    @Test
    void payloads_reachTheDestination_inOrder_fromBeforeAndAfterTheDecision() {
        assertThat(pending.offerDurably(payload("a"))).isTrue();
        assertThat(pending.offer(payload("b"))).isTrue();
        assertThat(destination.ids).isEmpty();
        pending.decide(destination);
        assertThat(pending.offer(payload("c"))).isTrue();
        assertThat(destination.ids).containsExactly("a", "b", "c");
    }

    @Test
    void withoutDestination_nothingIsAccepted_norCountedAsLost() {
        pending.offer(payload("a"));
        pending.decide(null);
        assertThat(pending.offerDurably(payload("b"))).isFalse();
        assertThat(accounting.drops())
                .allSatisfy((reason, count) -> assertThat(count).isZero());
    }

    @Test
    void bound_dropsTheNewest_andCounts() {
        for (int i = 0; i < PendingOutbox.MAX_PAYLOADS; i++) {
            assertThat(pending.offer(payload("p" + i))).isTrue();
        }
        assertThat(pending.offer(payload("late"))).isFalse();
        assertThat(accounting.drops(DropReason.QUEUE_FULL)).isEqualTo(1);
        pending.decide(destination);
        assertThat(destination.ids).hasSize(PendingOutbox.MAX_PAYLOADS).doesNotContain("late");
    }

    @Test
    void secondDecision_changesNothing() {
        pending.decide(destination);
        pending.decide(null);
        assertThat(pending.offer(payload("a"))).isTrue();
        assertThat(destination.ids).containsExactly("a");
    }

    private static final class Recording implements Outbox {
        final List<String> ids = new ArrayList<>();

        @Override
        public boolean offerDurably(Payload payload) {
            return ids.add(payload.id());
        }

        @Override
        public boolean offer(Payload payload) {
            return ids.add(payload.id());
        }

        @Override
        public boolean flush(Duration timeout) {
            return true;
        }
    }
}
