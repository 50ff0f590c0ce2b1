/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ingest.grouping;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which frames of one exception may count, and why the others do not. */
record StackVerdict(List<Frame> frames) {
    /** Longest cycle of calls that is recognised as recursion: a calls b calls a. */
    private static final int MAX_CYCLE = 8;

    private static final String RECURSION = "recursion, already counted";

    /**
     * A frame as it is hashed.
     * @param ignored why it never counts; empty when it may
     */
    record Frame(String name, boolean inApp, String ignored) {
        boolean mayCount() {
            return ignored.isEmpty();
        }
    }

    static StackVerdict of(Thrown thrown) {
        List<Frame> frames = new ArrayList<>(thrown.frames().size());
        List<Integer> counted = new ArrayList<>();
        for (CodeFrame frame : thrown.frames()) {
            Frame verdict = verdict(frame);
            frames.add(verdict);
            if (verdict.mayCount()) {
                counted.add(frames.size() - 1);
                dropRepeatedCycle(frames, counted);
            }
        }
        return new StackVerdict(frames);
    }

    /** Names that count, innermost first. */
    List<String> counted(boolean appOnly) {
        return frames.stream()
                .filter(frame -> frame.mayCount() && (frame.inApp() || !appOnly))
                .map(Frame::name)
                .toList();
    }

    /**
     * Adds a line for each frame.
     * @param instead why no frame counts at all, or null
     * @param appOnly whether only frames of the application decide
     */
    void explain(@Nullable String instead, boolean appOnly, List<Grouping.Part> into) {
        for (Frame frame : frames) {
            boolean counts = instead == null && frame.mayCount() && (frame.inApp() || !appOnly);
            into.add(new Grouping.Part("frame", frame.name(), counts, counts ? null : why(frame, instead)));
        }
    }

    private static String why(Frame frame, @Nullable String instead) {
        if (!frame.mayCount()) {
            return frame.ignored();
        }
        return instead == null ? "library code" : instead;
    }

    private static Frame verdict(CodeFrame frame) {
        String module = FrameNames.module(frame.module());
        String function = FrameNames.function(frame.function());
        // a frame of another language often has a file and no module
        String place = module.isEmpty() && frame.file() != null ? frame.file() : module;
        String name = place.isEmpty() ? function : function.isEmpty() ? place : place + "." + function;
        boolean inApp = InAppRules.isInApp(new CodeFrame(module, function, frame.file(), frame.line(), frame.inApp()));
        if (FrameNames.isLambda(frame.module(), frame.function())) {
            return new Frame(name, inApp, "lambda: its name changes from build to build");
        }
        return new Frame(name, inApp, name.isEmpty() ? "has no name" : "");
    }

    /**
     * Collapses recursion by name, not by line: a method that calls itself from two lines would else give a new key
     * for each depth. Runs after each frame, so a cycle never grows past two rounds.
     */
    private static void dropRepeatedCycle(List<Frame> frames, List<Integer> counted) {
        int size = counted.size();
        for (int cycle = 1; cycle <= MAX_CYCLE && 2 * cycle <= size; cycle++) {
            if (repeats(frames, counted, cycle)) {
                for (int i = 0; i < cycle; i++) {
                    int last = counted.remove(counted.size() - 1);
                    Frame frame = frames.get(last);
                    frames.set(last, new Frame(frame.name(), frame.inApp(), RECURSION));
                }
                return;
            }
        }
    }

    private static boolean repeats(List<Frame> frames, List<Integer> counted, int cycle) {
        int size = counted.size();
        for (int i = 1; i <= cycle; i++) {
            Frame later = frames.get(counted.get(size - i));
            Frame earlier = frames.get(counted.get(size - i - cycle));
            if (!later.name().equals(earlier.name()) || later.inApp() != earlier.inApp()) {
                return false;
            }
        }
        return true;
    }
}
