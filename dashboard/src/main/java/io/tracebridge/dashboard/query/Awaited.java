/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.query;

/**
 * Decides for asynchronous work whether somebody waited for it: a request that answers when its job is done looks like
 * its own time otherwise, and the slow step inside the job is never named. The sign of waiting is that an ancestor ran
 * nothing when the work ended, and went on or ended right after, within {@value #GAP_SHARE} of the work's duration.
 * Work that goes on in the background shows no such sign, since nobody cares when it ends.
 */
final class Awaited {
    private static final double GAP_SHARE = 0.1;

    /** Asynchronous spans times all spans; beyond it nothing is taken as awaited, so that the walk stays quick. */
    private static final long MAX_STEPS = 20_000_000;

    private Awaited() {}

    /** For each span the one whose time it is part of: its parent, or the ancestor that waited for it, or -1. */
    static int[] parents(TraceTree tree) {
        int[] above = tree.parent.clone();
        long asynchronous = 0;
        for (boolean async : tree.async) {
            asynchronous += async ? 1 : 0;
        }
        boolean few = asynchronous * tree.size <= MAX_STEPS;
        for (int i = 0; i < tree.size; i++) {
            if (tree.async[i]) {
                above[i] = few ? waiting(tree, i) : -1;
            }
        }
        return above;
    }

    private static int waiting(TraceTree tree, int work) {
        int ancestor = tree.parent[work];
        while (ancestor >= 0 && !covers(tree, ancestor, work)) {
            ancestor = tree.parent[ancestor];
        }
        return ancestor >= 0 && wentOnAfter(tree, ancestor, work) ? ancestor : -1;
    }

    private static boolean covers(TraceTree tree, int ancestor, int work) {
        return tree.from(ancestor) <= tree.from(work) && tree.to(work) <= tree.to(ancestor);
    }

    private static boolean wentOnAfter(TraceTree tree, int ancestor, int work) {
        long ended = tree.to(work);
        long next = tree.to(ancestor);
        for (int i = ancestor + 1; i < ancestor + tree.subtree[ancestor]; i++) {
            if (tree.parent[i] != ancestor || tree.async[i]) {
                continue;
            }
            if (tree.from(i) < ended && tree.to(i) > ended) {
                return false;
            }
            if (tree.from(i) >= ended) {
                next = Math.min(next, tree.from(i));
            }
        }
        return next - ended <= tree.duration(work) * GAP_SHARE;
    }
}
