/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ui;

import java.util.Arrays;
import java.util.Random;

/** A batch of scene generations as one trace of any size, in the columns of the API. */
final class LargeTrace {
    static final String ID = "00000000000000000000000000100000";
    private static final String[] NAMES = {
        "batch.renderProject", "generation.generateScene", "ai.generateStructured", "SELECT asset", "render.frame", "PUT frames/{n}"
    };
    private static final String[] KINDS = {"internal", "internal", "ai", "db", "tool", "client"};
    private static final int PER_SCENE = 1 + 1 + 8 + 2 * 12;

    private final int[] parent;
    private final int[] op;
    private final long[] start;
    private final long[] dur;
    private final int[] flags;
    private int n;

    private LargeTrace(int spans) {
        parent = new int[spans];
        op = new int[spans];
        start = new long[spans];
        dur = new long[spans];
        flags = new int[spans];
    }

    static String json(int spans) {
        LargeTrace trace = new LargeTrace(spans);
        Random random = new Random(7);
        trace.add(-1, 0, 0, 0);
        long clock = 1000;
        while (trace.n + PER_SCENE <= spans) {
            clock = trace.scene(clock, random);
        }
        while (trace.n < spans) {
            trace.add(0, 3, clock, 500);
            clock += 600;
        }
        trace.dur[0] = clock;
        return trace.write();
    }

    private long scene(long at, Random random) {
        int scene = add(0, 1, at, 0);
        long clock = at + 200;
        int ai = add(scene, 2, clock, 8_000 + random.nextInt(20_000));
        if (random.nextInt(250) == 0) {
            flags[ai] |= 1 | 256;
        }
        clock += dur[ai] + 50;
        for (int i = 0; i < 8; i++) {
            int query = add(scene, 3, clock, 200 + random.nextInt(2_000));
            clock += dur[query] + 20;
        }
        for (int i = 0; i < 12; i++) {
            int frame = add(scene, 4, clock, 2_000 + random.nextInt(4_000));
            add(frame, 5, clock + 500, dur[frame] / 2);
            clock += dur[frame] + 30;
        }
        dur[scene] = clock - at;
        return clock + 200;
    }

    private int add(int above, int name, long at, long length) {
        parent[n] = above;
        op[n] = name;
        start[n] = at;
        dur[n] = length;
        flags[n] = above < 0 ? 0 : 2;
        return n++;
    }

    private String write() {
        StringBuilder ids = new StringBuilder(n * 16);
        for (int i = 0; i < n; i++) {
            ids.append(String.format("%016x", i + 1));
        }
        StringBuilder ops = new StringBuilder();
        for (int i = 0; i < NAMES.length; i++) {
            ops.append(i == 0 ? "" : ",")
                    .append("{\"key\":\"0%d\",\"name\":\"%s\",\"kind\":\"%s\"}".formatted(i, NAMES[i], KINDS[i]));
        }
        int[] each = new int[n];
        Arrays.setAll(each, i -> i);
        long[] ends = new long[n];
        Arrays.setAll(ends, i -> start[i] + dur[i]);
        String zeros = Arrays.toString(new int[n]);
        return "{\"id\":\"" + ID + "\",\"startAt\":1763817583124,\"durationMs\":" + dur[0] / 1000.0 + ",\"durationUs\":" + dur[0]
                + ",\"operation\":\"batch.renderProject\",\"operationKey\":\"00\",\"kind\":\"internal\",\"service\":\"renderer\","
                + "\"environment\":\"development\",\"run\":null,\"release\":null,\"status\":\"ok\",\"closed\":true,\"weight\":1,"
                + "\"kept\":{\"because\":\"head\",\"sentence\":null},\"chips\":[],\"rank\":null,\"n\":" + n + ",\"ids\":\"" + ids
                + "\",\"parent\":" + Arrays.toString(parent) + ",\"start\":" + Arrays.toString(start) + ",\"dur\":"
                + Arrays.toString(dur) + ",\"op\":" + Arrays.toString(op) + ",\"svc\":" + zeros + ",\"flags\":"
                + Arrays.toString(flags) + ",\"self\":" + Arrays.toString(dur) + ",\"crit\":" + Arrays.toString(dur)
                + ",\"segSpan\":" + Arrays.toString(each) + ",\"segFrom\":" + Arrays.toString(start) + ",\"segTo\":"
                + Arrays.toString(ends) + ",\"segOverlap\":" + zeros + ",\"ops\":[" + ops
                + "],\"svcs\":[\"renderer\"],\"flagBits\":{},\"errors\":[],\"logs\":[],\"events\":[],\"links\":[],\"ai\":[],"
                + "\"breakdown\":[],\"findings\":[],\"logsMore\":0,\"eventsMore\":0}";
    }
}
