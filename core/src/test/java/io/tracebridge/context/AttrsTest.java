/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.context;

import static io.tracebridge.context.Attrs.attrs;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.AbstractMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AttrsTest {
    @Test
    void values_keepTheirType() {
        Map<String, Object> map = attrs("int", 1)
                .and("double", 0.5)
                .and("flag", true)
                .and("enum", TimeUnit.DAYS)
                .and("duration", Duration.ofSeconds(2))
                .and("decimal", new BigDecimal("1.25"))
                .and("list", List.of(1, 2))
                .and("array", new String[] {"a", null, "b"})
                .asMap();

        assertThat(map)
                .containsEntry("int", 1L)
                .containsEntry("double", 0.5)
                .containsEntry("flag", true)
                .containsEntry("enum", "DAYS")
                .containsEntry("duration", 2_000L)
                .containsEntry("decimal", 1.25)
                .containsEntry("list", List.of(1L, 2L))
                .containsEntry("array", List.of("a", "b"));
    }

    @Test
    void nulls_areLeftOut() {
        Map<String, Object> withNull = new HashMap<>();
        withNull.put("a", null);
        withNull.put(null, 1);
        withNull.put("b", 2);

        assertThat(attrs("x", null).and(null, 1).and(" ", 1).asMap()).isEmpty();
        assertThat(Attrs.of(withNull).asMap()).containsExactlyEntriesOf(Map.of("b", 2L));
        assertThat(Attrs.of(null).asMap()).isEmpty();
    }

    @Test
    void throwingToString_costsOnlyItsOwnValue() {
        Object hostile = new Object() {
            @Override
            public String toString() {
                throw new IllegalStateException("no");
            }
        };

        Map<String, Object> map = attrs("bad", hostile).and("good", 1).asMap();

        assertThat(map).containsEntry("good", 1L);
        assertThat(map.get("bad").toString()).startsWith("[unreadable");
    }

    @Test
    void brokenMap_givesNoAttributes() {
        Map<String, Object> broken = new AbstractMap<>() {
            @Override
            public Set<Entry<String, Object>> entrySet() {
                throw new IllegalStateException("closed");
            }
        };

        assertThat(Attrs.of(broken).asMap()).isEmpty();
    }

    @Test
    void selfContainingCollection_isCut() {
        List<Object> self = new java.util.ArrayList<>();
        self.add(self);

        assertThat(attrs("self", self).asMap()).containsKey("self");
    }

    @Test
    void pairs_areBoundedInNumberAndLength() {
        Attrs many = Attrs.none();
        for (int i = 0; i < 1_000; i++) {
            many = many.and("key" + i, i);
        }

        assertThat(many.asMap()).hasSize(Attrs.MAX_KEYS);
        assertThat(attrs("k".repeat(500), 1).asMap().keySet().iterator().next()).hasSize(Attrs.MAX_KEY_LENGTH);
        assertThat(attrs("big", "x".repeat(10_000_000)).asMap().get("big").toString())
                .hasSizeLessThanOrEqualTo(AttrValue.MAX_TEXT);
    }

    @Test
    void numbersWithoutJson_becomeText() {
        assertThat(attrs("nan", Double.NaN).and("inf", Float.POSITIVE_INFINITY).asMap())
                .containsEntry("nan", "NaN")
                .containsEntry("inf", "Infinity");
    }

    @Test
    void characterArrays_areNeverShown() {
        assertThat(attrs("p", "hunter2".toCharArray()).asMap()).containsEntry("p", "[redacted:secret]");
    }

    @Test
    void and_leavesTheOriginalAlone() {
        Attrs base = attrs("a", 1);
        Attrs unused = base.and("b", 2);

        assertThat(base.asMap()).containsOnlyKeys("a");
        assertThat(base.and("a", 3).asMap()).containsEntry("a", 3L);
        assertThat(base).hasToString("Attrs[a]");
    }
}
