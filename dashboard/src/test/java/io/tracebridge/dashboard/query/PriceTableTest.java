/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PriceTableTest {
    private static final PriceTable TABLE = PriceTable.load(null);

    /** Dollars of a million tokens in and a million out. */
    private static @Nullable Double both(String model) {
        return TABLE.usd(model, null, 1_000_000, 1_000_000, 0, 0);
    }

    @ParameterizedTest
    @CsvSource({
        "gpt-4o, 12.5",
        "GPT-4o, 12.5",
        "gpt-4o-2024-08-06, 12.5",
        "gpt-4o-2024-05-13, 20",
        "gpt-4o-2026-05, 12.5",
        "command-a-03-2025, 12.5",
        "openai/gpt-4o, 12.5",
        "claude-sonnet-4-20250514, 18",
        "claude-sonnet-4@20250514, 18",
        "anthropic.claude-3-5-sonnet-20240620-v1:0, 18",
        "us.anthropic.claude-sonnet-4-20250514-v1:0, 18",
        "claude-3-5-haiku-latest, 4.8",
        "gemini-2.0-flash-001, 0.5",
        "gemini-2.5-pro-preview-05-06, 11.25",
        "gemini-3-pro-preview, 14",
        "mistral-large-latest, 2",
        "mistral-large-2407, 8",
        "claude-opus-4-20250514, 90",
        "claude-opus-4-5-20251101, 30"
    })
    void snapshot_costsWhatItsModelCosts(String model, double usd) {
        assertThat(both(model)).isEqualTo(usd);
    }

    @ParameterizedTest
    @CsvSource({
        "claude-opus-4-99",
        "claude-sonnet-9",
        "gpt-5.99",
        "gpt-4o-audio",
        "gpt-4.1-micro",
        "o3-pro",
        "gemini-2.5-pro-tts",
        "my-gpt-4o",
        "gpt"
    })
    void anotherModel_hasNoPrice_howeverAlikeItsName(String model) {
        assertThat(both(model)).isNull();
    }

    @Test
    void requestedModel_isUsed_whenTheAnswerNamesNoneThatIsKnown() {
        assertThat(TABLE.usd("deployment-7", "gpt-4o", 1_000_000, 0, 0, 0)).isEqualTo(2.5);
    }

    @Test
    void cachedTokens_arePartOfTheInput() {
        // 0.5 M at full price, 0.4 M read at a tenth, 0.1 M written at five quarters
        assertThat(TABLE.usd("claude-sonnet-4", null, 1_000_000, 0, 400_000, 100_000))
                .isEqualTo(0.5 * 3 + 0.4 * 0.3 + 0.1 * 3.75);
    }

    @Test
    void ownTable_winsOverTheBuiltIn(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("prices.json");
        Files.writeString(file, "{\"date\":\"2026-11-01\",\"models\":{\"gpt-4o\":{\"input\":1,\"output\":1}}}");
        PriceTable own = PriceTable.load(file);
        assertThat(own.usd("gpt-4o", null, 1_000_000, 1_000_000, 0, 0)).isEqualTo(2.0);
        assertThat(own.usd("gpt-4o-mini", null, 1_000_000, 1_000_000, 0, 0)).isEqualTo(0.75);
        assertThat(own.date()).isEqualTo("2026-11-01");
    }
}
