/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ui;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.Rule;
import com.microsoft.playwright.Page;
import java.util.List;
import java.util.stream.Collectors;

/** Rules of WCAG 2.2 AA that a machine can check. */
final class Axe {
    private Axe() {}

    static List<String> violations(Page page) {
        return new AxeBuilder(page)
                .withTags(List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")).analyze().getViolations().stream()
                        .map(Axe::described)
                        .toList();
    }

    private static String described(Rule rule) {
        return rule.getId() + " " + rule.getHelp() + ": "
                + rule.getNodes().stream()
                        .limit(4)
                        .map(node -> node.getHtml() + " " + node.getFailureSummary())
                        .collect(Collectors.joining(" | "));
    }
}
