/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.tracebridge.dashboard.store.IssueRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The grouping vectors G1 to G14, each as events sent and issues counted. */
class GroupingTest extends WithIngestServer {
    private static final String[] APP = {"com.acme.scene.SceneService.generateScene:112", "com.acme.Main.run:7"};

    @Test
    void g1_stackDecides_notTheMessage() {
        oneIssue(thrown("com.acme.E", "request 51f35191", APP), thrown("com.acme.E", "request 8c828b41", APP));
    }

    @Test
    void g2_otherMethod_isAnotherIssue() {
        twoIssues(thrown("com.acme.E", "same", "com.acme.A.one:1"), thrown("com.acme.E", "same", "com.acme.A.two:1"));
    }

    @Test
    void g3_lineNumbers_doNotCount() {
        oneIssue(thrown("com.acme.E", "m", "com.acme.A.run:112"), thrown("com.acme.E", "m", "com.acme.A.run:118"));
    }

    @Test
    void g4_generatedClassNames_areOne() {
        oneIssue(
                thrown("com.acme.E", "m", "com.acme.Foo$$EnhancerBySpringCGLIB$$1a2b.run:1"),
                thrown("com.acme.E", "m", "com.acme.Foo$$EnhancerBySpringCGLIB$$9f8e.run:1"));
        server.reset();
        oneIssue(
                thrown("com.acme.E", "m", "com.acme.Foo$$SpringCGLIB$$0.run:1"),
                thrown("com.acme.E", "m", "com.acme.Foo$$SpringCGLIB$$1.run:1"));
    }

    @Test
    void g5_lambdas_doNotCount() {
        oneIssue(
                thrown(
                        "com.acme.E",
                        "m",
                        "com.acme.A.lambda$run$0:5",
                        "com.acme.A$$Lambda/0x00007f1c.accept:0",
                        APP[0]),
                thrown("com.acme.E", "m", "com.acme.A.lambda$run$3:9", "com.acme.A$$Lambda$14/0x12.accept:0", APP[0]));
    }

    @Test
    void g6_libraryFrames_doNotCountBesideTheApplications() {
        oneIssue(
                thrown("com.acme.E", "m", APP[0], "org.apache.catalina.core.StandardWrapperValve.invoke:166", APP[1]),
                thrown("com.acme.E", "m", APP[0], "org.apache.catalina.core.Wrapper.call:9", APP[1]));
    }

    @Test
    void g7_otherCause_isAnotherIssue() {
        twoIssues(
                chain(
                        exception("com.acme.DataAccessException", "m", APP),
                        exception("org.postgresql.PSQLException", "x")),
                chain(
                        exception("com.acme.DataAccessException", "m", APP),
                        exception("java.net.SocketTimeoutException", "x")));
    }

    @Test
    void g8_withoutStack_theMessagesShapeDecides() {
        oneIssue("{\"message\":\"User 42 not found\"}", "{\"message\":\"User 99 not found\"}");
        server.reset();
        twoIssues("{\"message\":\"User 42 not found\"}", "{\"message\":\"Order 42 not found\"}");
    }

    @Test
    void g9_fingerprint_winsOverTypes() {
        String print = "\"fingerprint\":[\"db-down\"],";
        oneIssue(with(print, thrown("com.acme.A", "m", APP)), with(print, thrown("com.acme.B", "n", "x.Y.z:1")));
    }

    @Test
    void g10_fingerprintBesideTheDefault_splitsIt() {
        String event = thrown("com.acme.E", "m", APP);
        twoIssues(
                with("\"fingerprint\":[\"{{ default }}\",\"tenant-a\"],", event),
                with("\"fingerprint\":[\"{{ default }}\",\"tenant-b\"],", event));
        server.reset();
        twoIssues(
                with("\"fingerprint\":[\"{{ default }}\",\"tenant-a\"],", thrown("com.acme.A", "m", APP)),
                with("\"fingerprint\":[\"{{ default }}\",\"tenant-a\"],", thrown("com.acme.B", "m", APP)));
    }

    @Test
    void g12_depthOfRecursion_doesNotCount() {
        oneIssue(
                thrown("java.lang.StackOverflowError", "", recursion(50)),
                thrown("java.lang.StackOverflowError", "", recursion(400)));
    }

    @Test
    void g13_proxies_areOne() {
        oneIssue(
                thrown("com.acme.E", "m", "jdk.proxy2.$Proxy101.call:0"),
                thrown("com.acme.E", "m", "jdk.proxy2.$Proxy87.call:0"));
    }

    @Test
    void g14_asyncWrappers_areTransparent() {
        String inner = exception("com.acme.E", "529 overloaded", APP);
        List<String> events = new ArrayList<>(List.of(chain(inner)));
        for (String wrapper : new String[] {
            "java.util.concurrent.CompletionException",
            "java.util.concurrent.ExecutionException",
            "java.lang.reflect.UndeclaredThrowableException",
            "java.lang.reflect.InvocationTargetException"
        }) {
            events.add(chain(
                    exception(wrapper, "com.acme.E: 529 overloaded", "com.acme.Pool" + wrapper.length() + ".get:1"),
                    inner));
        }
        oneIssue(events.toArray(String[]::new));
        assertThat(server.issues()).singleElement().satisfies(issue -> {
            assertThat(issue.type()).isEqualTo("com.acme.E");
            assertThat(issue.message()).isEqualTo("529 overloaded");
        });
    }

    @Test
    void nestedClassNames_areOne_whicheverWayTheyAreWritten() {
        oneIssue(thrown("com.acme.Outer$Inner", "m", APP), thrown("com.acme.Outer.Inner", "m", APP));
    }

    @Test
    void inAppOfTheSender_wins_andItsChangeFindsTheIssueAgain() {
        String library = thrown("com.acme.E", "m", "com.vendor.Lib.call:1", APP[0]);
        String marked =
                library.replace("\"module\":\"com.vendor.Lib\"", "\"in_app\":false,\"module\":\"com.vendor.Lib\"");
        oneIssue(library, marked);
    }

    @Test
    void explanation_namesWhatCountedAndWhyOthersDidNot() {
        send(chain(
                exception(
                        "com.acme.DataException",
                        "no data for 42",
                        "com.acme.A.lambda$x$0:1",
                        APP[0],
                        "java.lang.Thread.run:1"),
                exception("org.postgresql.PSQLException", "dead", "org.postgresql.Core.read:1")));

        assertThat(server.issues()).singleElement().satisfies(issue -> {
            assertThat(issue.groupingVersion()).isEqualTo(1);
            assertThat(issue.explanation())
                    .contains("\"by\":\"stack\"")
                    .contains(
                            "Grouped by the exception types and 1 application frame; messages and line numbers do not count.")
                    .contains("{\"kind\":\"type\",\"value\":\"com.acme.DataException\",\"counts\":true,\"why\":null}")
                    .contains(
                            "{\"kind\":\"frame\",\"value\":\"com.acme.scene.SceneService.generateScene\",\"counts\":true,\"why\":null}")
                    .contains(
                            "{\"kind\":\"frame\",\"value\":\"java.lang.Thread.run\",\"counts\":false,\"why\":\"library code\"}")
                    .contains("lambda: its name changes")
                    .contains(
                            "{\"kind\":\"message\",\"value\":\"no data for <int>\",\"counts\":false,\"why\":\"types and frames decide\"}")
                    .contains("\"rootCause\":{")
                    .contains("\"fingerprint\":[\"{{ default }}\"]");
        });
    }

    private void oneIssue(String... events) {
        send(events);
        assertThat(server.issues())
                .singleElement()
                .satisfies(issue -> assertThat(issue.events()).isEqualTo(events.length));
    }

    private void twoIssues(String... events) {
        send(events);
        assertThat(server.issues()).hasSize(2).extracting(IssueRecord::events).containsOnly(1L);
    }

    private static void send(String... events) {
        for (String event : events) {
            assertThat(server.envelope("{}\n{\"type\":\"event\"}\n" + event).code())
                    .isEqualTo(200);
        }
    }

    private static String with(String field, String event) {
        return "{" + field + event.substring(1);
    }

    private static String thrown(String type, String message, String... frames) {
        return chain(exception(type, message, frames));
    }

    /** @param exceptions the thrown one first; Sentry wants the root cause first */
    private static String chain(String... exceptions) {
        List<String> values = new ArrayList<>(Arrays.asList(exceptions));
        Collections.reverse(values);
        return "{\"exception\":{\"values\":[" + String.join(",", values) + "]}}";
    }

    /** @param frames {@code module.function:line}, the innermost call first */
    private static String exception(String type, String message, String... frames) {
        List<String> nodes = new ArrayList<>();
        for (String frame : frames) {
            int colon = frame.lastIndexOf(':');
            int dot = frame.lastIndexOf('.', colon);
            nodes.add(
                    0,
                    "{\"module\":\"" + frame.substring(0, dot) + "\",\"function\":\"" + frame.substring(dot + 1, colon)
                            + "\",\"lineno\":" + frame.substring(colon + 1) + "}");
        }
        int dot = type.lastIndexOf('.');
        return "{\"type\":\"" + type.substring(dot + 1) + "\",\"module\":\"" + type.substring(0, dot)
                + "\",\"value\":\"" + message + "\",\"stacktrace\":{\"frames\":[" + String.join(",", nodes) + "]}}";
    }

    private static String[] recursion(int depth) {
        String[] frames = new String[depth + 1];
        Arrays.fill(frames, "com.acme.Tree.walk:20");
        frames[depth] = "com.acme.Main.run:7";
        return frames;
    }
}
