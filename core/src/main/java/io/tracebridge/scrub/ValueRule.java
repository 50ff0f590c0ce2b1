/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.scrub;

/** Finds one family of secrets in text. Linear in the length of the text, whatever the text. */
interface ValueRule {
    /** A cheap look at the profile: false saves the search, true promises nothing. */
    boolean mayApply(TextProfile profile);

    /** Returns the text without what this rule looks for; the same instance when it found nothing. */
    String apply(String text, Replacement replacement);
}
