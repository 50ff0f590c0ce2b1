/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.tracebridge.scrub.RuleScrubber;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OperationTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "select  a , b from t where id = 42 and n = 'it''s' | SELECT a, b FROM t WHERE id = ? AND n = ?",
                "SELECT * FROM t WHERE id IN (1, 2,3) | SELECT * FROM t WHERE id IN (?)",
                "select * from t where id in (?, ?, ?) | SELECT * FROM t WHERE id IN (?)",
                "insert into t(a,b) values (1,'x'),(2,'y'), (3,'z') | INSERT INTO t(a,b) VALUES (?)",
                "update \"T 1\" set a = -1.5e3, b = $2 -- why | UPDATE \"T 1\" SET a = ?, b = ?",
                "delete from t /* all */ where x = :name and y::text = @p | DELETE FROM t WHERE x = ? AND y::text = ?",
                "select t1.c2 from t1 where f is true | SELECT t1.c2 FROM t1 WHERE f IS ?",
            })
    void sqlShape_replacesLiterals(String sql, String expected) {
        assertThat(SqlShape.of(sql)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"(", "'", "''", "?,", "(?),", "1,", "- ", "--\n", "/*", "a.", "\"", " ", "\\'", ":", "-1,"})
    void sqlShape_staysLinear_whateverIsRepeated(String piece) {
        String sql = "select " + piece.repeat(1 << 20);
        // not a benchmark: what is not linear takes hours
        assertTimeoutPreemptively(Duration.ofSeconds(30), () -> SqlShape.of(sql));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET /users/42/posts | GET /users/{id}/posts",
                "GET /u/9ec79c33-ec99-42ab-8353-589fcb2e04dc?x=1 | GET /u/{id}",
                "chat gpt-4 | chat gpt-4",
                "chat claude-sonnet-4-20250514 | chat claude-sonnet-4-20250514",
                "step-2 of scene.v2 | step-2 of scene.v2",
                "decade facade | decade facade",
                "job 12345 | job {id}",
            })
    void names_loseTheirIds(String name, String expected) {
        assertThat(OperationNames.withoutIds(name)).isEqualTo(expected);
    }

    @Test
    void operation_isTheRoute_orTheHost_orTheModel() {
        assertThat(operation("GET", "server", "http.request.method", "GET", "http.route", "/a/{id}"))
                .isEqualTo("GET /a/{id}");
        assertThat(operation("GET", "client", "http.request.method", "GET", "server.address", "api.acme.com"))
                .isEqualTo("GET api.acme.com");
        assertThat(operation("GET https://u:p@api.acme.com/v1/x/7?y", "client", "http.request.method", "GET"))
                .isEqualTo("GET api.acme.com");
        assertThat(operation("chat 123", "client", "gen_ai.operation.name", "chat", "gen_ai.request.model", "gpt-4o"))
                .isEqualTo("chat gpt-4o");
        assertThat(operation(
                        "select x from y where z = 1", "client", "db.system", "h2", "db.query.summary", "SELECT y"))
                .isEqualTo("SELECT y");
        assertThat(operation("call", "client", "rpc.system", "grpc", "rpc.service", "Scenes", "rpc.method", "Make"))
                .isEqualTo("Scenes/Make");
        assertThat(operation("", "internal")).isEqualTo("code");
    }

    @ParameterizedTest
    @CsvSource({
        "ot=th:0, 1",
        "ot=th:8, 2",
        "'a=b,ot=rv:7;th:c', 4",
        "ot=th:e6666666666668, 10",
        "'ot=th:g',",
        "'ot=th:',",
        "'',",
        "'ot=rv:1',",
        "'ot=th:123456789012345',"
    })
    void weight_isOneByTheProbability(String traceState, Double expected) {
        Double weight = SampleWeight.ofTraceState(traceState);
        if (expected == null) {
            assertThat(weight).isNull();
        } else {
            assertThat(weight).isCloseTo(expected, within(1e-9));
        }
    }

    private static String operation(String name, String kind, String... pairs) {
        Attributes attributes = new Attributes(RuleScrubber.create(), () -> {});
        for (int i = 0; i < pairs.length; i += 2) {
            attributes.put(pairs[i], pairs[i + 1]);
        }
        return Semantics.operation(name, kind, Semantics.category("", kind, attributes), attributes);
    }
}
