/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ingest.grouping;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class StackTraceTextTest {
    @Test
    void read_restoresWhatTheJvmKnows_fromItsOwnPrintout() {
        Exception thrown = new IllegalStateException("outer\nsecond line", new RuntimeException("inner: with colon"));
        thrown.addSuppressed(new IllegalArgumentException("beside", new RuntimeException("deeper")));

        List<Thrown> chain = StackTraceText.read("", "", printed(thrown));

        assertThat(chain).hasSize(2);
        assertThat(chain.get(0).type()).isEqualTo("java.lang.IllegalStateException");
        assertThat(chain.get(1).type()).isEqualTo("java.lang.RuntimeException");
        assertThat(chain.get(1).message()).isEqualTo("inner: with colon");
        assertThat(names(chain.get(0))).isEqualTo(names(thrown));
        assertThat(names(chain.get(1))).isEqualTo(names(thrown.getCause()));
    }

    /** Found by fuzzing: the whole request of this stack was refused. */
    @Test
    void read_takesLinesThatOnlyLookLikeFramesInCommon() {
        String text = "a.B: c\n\tat d.E.f(G.java:1)\nCaused by: x\n\t... more\n\t...  more\n\t... 99999999999 more\n";

        assertThat(StackTraceText.read("", "", text)).hasSize(2);
    }

    @Test
    void read_takesTypeAndMessageStatedBeside() {
        List<Thrown> chain = StackTraceText.read("a.B", "said", "a.C: printed\n\tat a.D.e(D.java:1)\n");

        assertThat(chain).singleElement().satisfies(thrown -> {
            assertThat(thrown.type()).isEqualTo("a.B");
            assertThat(thrown.message()).isEqualTo("said");
            assertThat(thrown.frames()).containsExactly(new CodeFrame("a.D", "e", "D.java", 1, null));
        });
    }

    @Test
    void read_dropsLoaderAndModule_keepsLambdaNames() {
        String text = "x.Y\n\tat java.base@17.0.1/java.lang.Thread.run(Thread.java:840)\n"
                + "\tat app//com.acme.Foo$$Lambda/0x00007f.run(Unknown Source)\n\tat a.B.c(Native Method)\n";

        assertThat(StackTraceText.read("", "", text).get(0).frames())
                .extracting(CodeFrame::module, CodeFrame::function, CodeFrame::line)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("java.lang.Thread", "run", 840),
                        org.assertj.core.groups.Tuple.tuple("com.acme.Foo$$Lambda/0x00007f", "run", 0),
                        org.assertj.core.groups.Tuple.tuple("a.B", "c", 0));
    }

    @Test
    void read_knowsOtherLanguages() {
        assertThat(StackTraceText.read(
                        "TypeError",
                        "x",
                        "TypeError: x\n    at async run (file:///app/main.js:10:5)\n    at /app/b.js:1:2"))
                .singleElement()
                .satisfies(thrown -> assertThat(thrown.frames())
                        .containsExactly(
                                new CodeFrame("", "run", "file:///app/main.js", 10, null),
                                new CodeFrame("", "", "/app/b.js", 1, null)));
        assertThat(StackTraceText.read(
                        "", "", "System.Exception: no\n   at Acme.Job.Run(String a) in /src/Job.cs:line 42"))
                .singleElement()
                .satisfies(thrown -> assertThat(thrown.frames())
                        .containsExactly(new CodeFrame("Acme.Job", "Run", "/src/Job.cs", 42, null)));
        String python = "Traceback (most recent call last):\n  File \"/a.py\", line 3, in <module>\n    f()\n"
                + "  File \"/a.py\", line 1, in f\n    raise KeyError('k')\nKeyError: 'k'\n\n"
                + "During handling of the above exception, another exception occurred:\n\n"
                + "Traceback (most recent call last):\n  File \"/a.py\", line 5, in g\n    x\nValueError: v\n";
        assertThat(StackTraceText.read("", "", python))
                .extracting(Thrown::type)
                .containsExactly("ValueError", "KeyError");
        assertThat(StackTraceText.read("", "", python).get(1).frames())
                .extracting(CodeFrame::function)
                .containsExactly("f", "<module>");
    }

    @Test
    void read_givesTheTypeAlone_forTextThatIsNoTrace() {
        assertThat(StackTraceText.read("my.Error", "m", "")).containsExactly(new Thrown("my.Error", "m", List.of()));
        assertThat(StackTraceText.read("", "", "")).isEmpty();
    }

    private static String printed(Throwable thrown) {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text, true));
        return text.toString();
    }

    private static List<String> names(Thrown thrown) {
        return thrown.frames().stream()
                .map(frame -> frame.module() + "." + frame.function() + ":" + frame.line())
                .toList();
    }

    private static List<String> names(Throwable thrown) {
        return Arrays.stream(thrown.getStackTrace())
                .map(frame ->
                        frame.getClassName() + "." + frame.getMethodName() + ":" + Math.max(0, frame.getLineNumber()))
                .toList();
    }
}
