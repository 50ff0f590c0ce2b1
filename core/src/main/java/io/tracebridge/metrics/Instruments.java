/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.metrics;

import java.util.Map;

/** Where measurements go; never throws. */
interface Instruments {
    Instruments NONE = new Instruments() {
        @Override
        public void duration(String name, double millis, Map<String, ?> attributes) {}

        @Override
        public void count(String name, long amount, Map<String, ?> attributes) {}
    };

    void duration(String name, double millis, Map<String, ?> attributes);

    void count(String name, long amount, Map<String, ?> attributes);
}
