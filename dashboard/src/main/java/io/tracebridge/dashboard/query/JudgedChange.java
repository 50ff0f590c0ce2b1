/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.query;

import io.tracebridge.dashboard.query.ChangeQuestions.Told;
import io.tracebridge.dashboard.query.OperationChanges.Pair;
import io.tracebridge.dashboard.store.OperationFigures;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * What is told of one operation in two times.
 *
 * @param added microseconds that requests were held up longer by it in the second time than if its calls had held them up as in the first
 * @param failed how many more calls failed than would have
 */
record JudgedChange(Pair pair, Verdict verdict, Told p50, Told p95, Told errors, double added, double failed) {
    /** What changed by less is not told, however certain. */
    static final double LEAST_RATIO = 1.1;

    /**
     * More failed calls before longer ones, then what holds requests up more than it did: that is where to look, not at what only waits
     * for it.
     */
    static final Comparator<JudgedChange> ORDER = Comparator.<JudgedChange, Verdict>comparing(one -> one.verdict)
            .thenComparing(one -> one.errors.change() == null)
            .thenComparing(one -> one.errors.change() == null ? 0 : -Math.abs(one.failed))
            .thenComparing(one -> one.verdict == Verdict.BETTER ? one.added : -one.added)
            .thenComparing(one -> -calls(one.pair.now()) - calls(one.pair.before()))
            .thenComparing(one -> one.pair.operation().key());

    /** In the order of the list. */
    enum Verdict {
        WORSE,
        BETTER,
        ONLY_NOW,
        ONLY_BEFORE,
        SAME
    }

    private static final Told NOTHING = new Told(null, null);

    /**
     * Judges.
     * @param told the largest chance that is told
     * @param before with percentiles, like {@code now}
     */
    static JudgedChange of(Pair pair, double told, @Nullable OperationFigures before, @Nullable OperationFigures now) {
        if (before == null || now == null) {
            Verdict verdict = now == null ? Verdict.ONLY_BEFORE : Verdict.ONLY_NOW;
            return new JudgedChange(pair, verdict, NOTHING, NOTHING, NOTHING, 0, 0);
        }
        Told p50 = told(pair.p50Chance(), told, (double) before.p50(), (double) now.p50());
        Told p95 = told(pair.p95Chance(), told, (double) before.p95(), (double) now.p95());
        double failedBefore = perCall(before.errors(), before);
        double failedNow = perCall(now.errors(), now);
        Told errors = told(pair.errorChance(), told, failedBefore, failedNow);
        return new JudgedChange(
                pair,
                verdict(p50, p95, errors),
                p50,
                p95,
                errors,
                (perCall(now.critical(), now) - perCall(before.critical(), before)) * now.count(),
                (failedNow - failedBefore) * now.count());
    }

    private static Told told(@Nullable Double chance, double told, double before, double now) {
        boolean certain = chance != null && chance <= told;
        String change = certain && now > before && now >= before * LEAST_RATIO
                ? "up"
                : certain && now < before && now * LEAST_RATIO <= before ? "down" : null;
        return new Told(chance, change);
    }

    private static Verdict verdict(Told... figures) {
        Verdict verdict = Verdict.SAME;
        for (Told figure : figures) {
            if ("up".equals(figure.change())) {
                return Verdict.WORSE;
            }
            verdict = figure.change() == null ? verdict : Verdict.BETTER;
        }
        return verdict;
    }

    static double perCall(double sum, OperationFigures figures) {
        return figures.count() > 0 ? sum / figures.count() : 0;
    }

    private static double calls(@Nullable OperationFigures figures) {
        return figures == null ? 0 : figures.count();
    }
}
