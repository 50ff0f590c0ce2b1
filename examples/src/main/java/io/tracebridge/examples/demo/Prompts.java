/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.examples.demo;

import java.util.List;

/** What users of a scene generator could write; several scripts, and two with data that must not leave the process. */
final class Prompts {
    private static final List<String> ALL = List.of(
            "Kinetic title: 'Ship it on Friday', bold, in calm colours",
            "Count up our revenue from 0 to 1.2 million, three boxes",
            "Bar chart of planet radii, smallest first",
            "Logo sting, two seconds, dark theme with high contrast",
            "Lower third for Dr. Amara Osei, marine biologist",
            "A quote card: 'Simplicity is prerequisite for reliability'",
            "List of five features, one after the other",
            "Countdown from ten, brand palette",
            "Compare two prices side by side",
            "Timeline of the project, four steps",
            "End card with a subscribe button",
            "Pie chart of where our time goes",
            "عنوان متحرك بألوان هادئة",
            "製品の特徴を三つ、順番に表示",
            "Ein Balkendiagramm der Weltrekorde über 100 Meter",
            "Confetti 🎉 for the thousandth customer",
            "Contact card for jane.doe@example.com, with her number",
            "Invoice reminder: card 4111 1111 1111 1111 was declined");

    private Prompts() {}

    static String at(int index) {
        return ALL.get(Math.floorMod(index, ALL.size()));
    }
}
