/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.query;

import com.fasterxml.jackson.databind.JsonNode;
import io.tracebridge.dashboard.store.MetricPoint;
import java.util.Arrays;
import java.util.TreeMap;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/**
 * Counts of a histogram by upper bound: {@code counts[i]} is of values up to {@code bounds[i]}, the last count is of those above all bounds.
 * Exponential histograms become the same, at a scale coarse enough for {@value #MAX_BUCKETS} buckets. Immutable.
 */
record MetricBuckets(double[] bounds, double[] counts) {
    static final int MAX_BUCKETS = 160;

    /** Of a point; null when it carries no buckets that can be read. */
    static @Nullable MetricBuckets of(MetricPoint point, int scale) {
        if (point.buckets() == null) {
            return null;
        }
        JsonNode json = Attributes.tree(point.buckets());
        if (point.type().equals("exponential")) {
            return exponential(json, scale);
        }
        JsonNode bounds = json.path("bounds");
        JsonNode counts = json.path("counts");
        if (!counts.isArray() || counts.size() != bounds.size() + 1) {
            return null;
        }
        return new MetricBuckets(numbers(bounds), numbers(counts));
    }

    /** The scale at which the point fits; larger is finer. */
    static int scale(MetricPoint point) {
        JsonNode json = Attributes.tree(point.buckets());
        int scale = Math.max(-10, Math.min(20, json.path("scale").asInt(0)));
        int[] range = range(json);
        while (scale > -10 && (range[1] >> shift(json, scale)) - (range[0] >> shift(json, scale)) >= MAX_BUCKETS / 2) {
            scale--;
        }
        return scale;
    }

    private static int shift(JsonNode json, int scale) {
        return Math.max(0, json.path("scale").asInt(0) - scale);
    }

    /** Least and greatest index with a count, of both signs. */
    private static int[] range(JsonNode json) {
        int least = Integer.MAX_VALUE;
        int greatest = Integer.MIN_VALUE;
        for (String side : new String[] {"positive", "negative"}) {
            int size = json.path(side).path("counts").size();
            int offset = json.path(side).path("offset").asInt(0);
            if (size > 0) {
                least = Math.min(least, offset);
                greatest = Math.max(greatest, offset + size - 1);
            }
        }
        return least == Integer.MAX_VALUE ? new int[] {0, 0} : new int[] {least, greatest};
    }

    private static MetricBuckets exponential(JsonNode json, int scale) {
        int shift = shift(json, scale);
        TreeMap<Double, Double> byBound = new TreeMap<>();
        double base = Math.pow(2, Math.pow(2, -scale));
        JsonNode positive = json.path("positive").path("counts");
        int offset = json.path("positive").path("offset").asInt(0);
        for (int i = 0; i < positive.size(); i++) {
            byBound.merge(
                    Math.pow(base, ((offset + i) >> shift) + 1), positive.get(i).asDouble(0), Double::sum);
        }
        JsonNode negative = json.path("negative").path("counts");
        int below = json.path("negative").path("offset").asInt(0);
        for (int i = 0; i < negative.size(); i++) {
            byBound.merge(-Math.pow(base, (below + i) >> shift), negative.get(i).asDouble(0), Double::sum);
        }
        double zero = json.path("zero").asDouble(0);
        if (zero > 0) {
            byBound.merge(Math.max(0, json.path("zeroThreshold").asDouble(0)), zero, Double::sum);
        }
        double[] bounds = new double[byBound.size()];
        double[] counts = new double[byBound.size() + 1];
        int i = 0;
        for (var entry : byBound.entrySet()) {
            bounds[i] = entry.getKey();
            counts[i++] = entry.getValue();
        }
        return new MetricBuckets(bounds, counts);
    }

    private static double[] numbers(JsonNode list) {
        double[] numbers = new double[list.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = list.get(i).asDouble(0);
        }
        return numbers;
    }

    /** This and the other; bounds of either are kept. */
    MetricBuckets plus(MetricBuckets other) {
        if (Arrays.equals(bounds, other.bounds)) {
            double[] sum = counts.clone();
            for (int i = 0; i < sum.length; i++) {
                sum[i] += other.counts[i];
            }
            return new MetricBuckets(bounds, sum);
        }
        double[] all = DoubleStream.concat(Arrays.stream(bounds), Arrays.stream(other.bounds))
                .distinct()
                .sorted()
                .toArray();
        double[] sum = new double[all.length + 1];
        addTo(all, sum);
        other.addTo(all, sum);
        return new MetricBuckets(all, sum);
    }

    private void addTo(double[] all, double[] sum) {
        for (int i = 0; i < bounds.length; i++) {
            sum[Arrays.binarySearch(all, bounds[i])] += counts[i];
        }
        sum[all.length] += counts[bounds.length];
    }

    /** What was added since an earlier state of the same stream; null after a reset or a change of bounds. */
    @Nullable
    MetricBuckets minus(MetricBuckets earlier) {
        MetricBuckets before = Arrays.equals(bounds, earlier.bounds) ? earlier : earlier.on(bounds);
        if (before == null) {
            return null;
        }
        double[] difference = counts.clone();
        for (int i = 0; i < difference.length; i++) {
            difference[i] -= before.counts[i];
            if (difference[i] < 0) {
                return null;
            }
        }
        return new MetricBuckets(bounds, difference);
    }

    /** The same counts with more bounds: an exponential histogram grows as values arrive. */
    private @Nullable MetricBuckets on(double[] wider) {
        double[] placed = new double[wider.length + 1];
        for (int i = 0; i < bounds.length; i++) {
            int at = Arrays.binarySearch(wider, bounds[i]);
            if (at < 0) {
                return null;
            }
            placed[at] = counts[i];
        }
        placed[wider.length] = counts[bounds.length];
        return new MetricBuckets(wider, placed);
    }

    double total() {
        return Arrays.stream(counts).sum();
    }

    /** Whether a percentile lies above the last bound, where only a maximum says how far. */
    boolean isOpen(double q) {
        return bounds.length == 0 || total() - counts[bounds.length] < q * total() * (1 - 1e-9);
    }

    /**
     * A percentile, linear within its bucket; the last bound when it lies above.
     * @param min least value when known
     * @param max greatest value when known
     */
    double percentile(double q, @Nullable Double min, @Nullable Double max) {
        double wanted = q * total() * (1 - 1e-9);
        double seen = 0;
        for (int i = 0; i < bounds.length; i++) {
            if (counts[i] > 0 && seen + counts[i] >= wanted) {
                double low = i == 0 ? (min == null ? Math.min(0, bounds[0]) : min) : bounds[i - 1];
                double value = low + (bounds[i] - low) * (wanted - seen) / counts[i];
                return max == null ? value : Math.min(value, max);
            }
            seen += counts[i];
        }
        return max != null ? max : bounds.length == 0 ? 0 : bounds[bounds.length - 1];
    }
}
