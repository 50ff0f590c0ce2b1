/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.error;

import static io.tracebridge.context.Attrs.attrs;
import static org.assertj.core.api.Assertions.assertThat;

import io.tracebridge.context.Pipeline;
import io.tracebridge.context.Steps;
import io.tracebridge.metrics.DropReason;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What counts as the same failure, and what as another one. */
class OneFailureOneEventTest extends WithBridge {
    @Test
    void logAfterCapture_givesOneEvent() {
        AtomicReference<String> first = new AtomicReference<>();
        AtomicReference<String> second = new AtomicReference<>();
        Steps.run("tool.layout", null, () -> {
            IOException thrown = new IOException("x");
            first.set(capture(thrown));
            second.set(errorLog(thrown).mdc(Map.of("user", "u1")).build().capture());
            String unused = capture(new RuntimeException("next", new IOException("other")));
        });

        assertThat(second).hasValue(first.get());
        assertThat(bridge.sink.errors).hasSize(2);
        assertThat(bridge.accounting.drops(DropReason.DUPLICATE)).isEqualTo(1);
        assertThat(bridge.span("tool.layout").getEvents())
                .filteredOn(event -> event.getName().equals("exception.seen"))
                .singleElement()
                .satisfies(event -> assertThat(event.getAttributes().asMap().toString())
                        .contains("com.acme.Scenes", "scene failed"));
        assertThat(bridge.sink.errors.get(1).breadcrumbs())
                .filteredOn(crumb -> crumb.category().equals("com.acme.Scenes"))
                .singleElement()
                .satisfies(crumb -> {
                    assertThat(crumb.message()).isEqualTo("scene failed");
                    assertThat(crumb.data()).containsEntry("user", "u1");
                });
    }

    @Test
    void sameThrowable_isNewAfterAMinute() {
        IOException thrown = new IOException("x");
        String first = capture(thrown);
        bridge.clock.advance(Duration.ofSeconds(59));
        assertThat(capture(thrown)).isEqualTo(first);
        bridge.clock.advance(Duration.ofSeconds(1));

        assertThat(capture(thrown)).isNotEqualTo(first);
        assertThat(bridge.sink.errors).hasSize(2);
    }

    @Test
    void equalThrowables_areTwoFailures() {
        record Same(String text) {}
        class Equal extends RuntimeException {
            private final Same same = new Same("a");

            @Override
            public boolean equals(Object other) {
                return other instanceof Equal equal && equal.same.equals(same);
            }

            @Override
            public int hashCode() {
                return same.hashCode();
            }
        }
        Steps.run("tool.layout", null, () -> {
            String one = capture(new Equal());
            String other = capture(new Equal());
            assertThat(one).isNotEqualTo(other);
        });

        assertThat(bridge.sink.errors).hasSize(2);
    }

    @Test
    void futuresEnvelopes_areTheFailureTheyCarry() {
        Steps.run("tool.layout", null, () -> {
            IOException thrown = new IOException("x");
            String first = capture(thrown);
            assertThat(capture(new ExecutionException(thrown))).isEqualTo(first);
        });

        assertThat(bridge.sink.errors).hasSize(1);
    }

    @Test
    void staticExceptionThrownInHundredPipelines_givesHundredEvents() {
        IllegalStateException shared = new IllegalStateException("preallocated");
        for (int i = 0; i < 100; i++) {
            String id = "p" + i;
            Throwable unused = failing(() -> Pipeline.run(
                    "scene",
                    attrs("project.id", id),
                    () -> Steps.run("tool.layout", null, () -> {
                        throw shared;
                    })));
        }

        assertHundredOwnEvents();
    }

    @Test
    void staticExceptionCapturedInHundredPipelines_givesHundredEvents() {
        IllegalStateException shared = new IllegalStateException("preallocated");
        for (int i = 0; i < 100; i++) {
            Pipeline.run("scene", attrs("project.id", "p" + i), () -> {
                String unused = capture(shared);
            });
        }

        assertHundredOwnEvents();
    }

    private void assertHundredOwnEvents() {
        assertThat(bridge.sink.errors).hasSize(100);
        assertThat(bridge.sink.errors.stream().map(CapturedError::traceId)).doesNotHaveDuplicates();
        for (int i = 0; i < 100; i++) {
            assertThat(bridge.sink.errors.get(i).tags()).containsEntry("app.project_id", "p" + i);
        }
    }

    @Test
    void failureOfAnotherTrace_keepsItsOwnContextAndIsOneEvent() {
        Throwable failed = failing(() -> Pipeline.run("scene", attrs("project.id", "p1"), () -> {
            throw new IOException("x");
        }));
        Pipeline.run("supervisor", () -> {
            String unused = errorLog(failed).build().capture();
        });

        assertThat(bridge.sink.only().tags()).containsEntry("pipeline", "scene");
        assertThat(bridge.accounting.drops(DropReason.DUPLICATE)).isEqualTo(1);
    }

    @Test
    void captureInsideACapture_doesNothing() {
        bridge.sink.onSend = () -> {
            assertThat(capture(new IOException("from the sink"))).isEmpty();
            errorLog(new IOException("logged by the sink")).build().breadcrumb();
        };

        String id = capture(new IOException("x"));

        assertThat(id).isNotEmpty();
        assertThat(bridge.sink.only().throwable()).hasMessage("x");
        assertThat(bridge.sink.breadcrumbs).isEmpty();
    }

    @Test
    void throwingSink_doesNotReachTheCaller() {
        bridge.sink.onSend = () -> {
            throw new IllegalStateException("sink");
        };

        assertThat(capture(new IOException("x"))).isEmpty();
        assertThat(bridge.accounting.drops(DropReason.ENCODING_FAILED)).isEqualTo(1);
    }
}
