/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.scrub;

import java.math.BigInteger;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Payment cards (Luhn, ISO/IEC 7812-1, with an issuer's prefix), IBANs (ISO 13616, mod 97) and US social security
 * numbers (valid areas only). The check digits are what lets trace ids, order numbers and epoch times pass.
 */
final class NumberRule implements ValueRule {
    private static final int SHORTEST = 9;
    private static final Pattern CARD = Pattern.compile("(?<![\\w.-])[2-6]\\d(?:[ -]?+\\d){11,17}+(?![\\w-])");
    private static final Pattern CARD_PREFIX =
            Pattern.compile("4|5[1-5]|2(?:2[2-9]|[3-6]|7[01]|720)|3[47]|3(?:0[0-5]|[689])|6(?:011|5|4[4-9])|62|35");
    private static final Pattern IBAN = Pattern.compile(
            "(?<![A-Za-z0-9])[A-Z]{2}\\d{2}(?: ?+[A-Z0-9]{4}){2,7}+(?: ?+[A-Z0-9]{1,3})?+(?![A-Za-z0-9])");
    private static final Pattern SSN =
            Pattern.compile("(?<![\\w-])(?!000|666|9)\\d{3}-(?!00)\\d{2}-(?!0000)\\d{4}(?![\\w-])");
    private static final BigInteger NINETY_SEVEN = BigInteger.valueOf(97);

    @Override
    public boolean mayApply(TextProfile profile) {
        return profile.digits() >= SHORTEST;
    }

    @Override
    public String apply(String text, Replacement replacement) {
        Rewrite cards = new Rewrite(text);
        Matcher card = CARD.matcher(text);
        while (card.find()) {
            if (isCard(card.group())) {
                cards.replace(card.start(), card.end(), replacement.of("card", card.group()));
            }
        }
        String withoutCards = cards.done();
        Rewrite ibans = new Rewrite(withoutCards);
        Matcher iban = IBAN.matcher(withoutCards);
        while (iban.find()) {
            if (isIban(iban.group())) {
                ibans.replace(iban.start(), iban.end(), replacement.of("iban", iban.group()));
            }
        }
        String rest = ibans.done();
        return rest.indexOf('-') < 0
                ? rest
                : SSN.matcher(rest).replaceAll(m -> Matcher.quoteReplacement(replacement.of("ssn", m.group())));
    }

    private static boolean isCard(String match) {
        String digits = match.replaceAll("[ -]", "");
        return digits.length() >= 13
                && digits.length() <= 19
                && CARD_PREFIX.matcher(digits).lookingAt()
                && luhn(digits) % 10 == 0;
    }

    private static int luhn(String digits) {
        int sum = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(digits.length() - 1 - i) - '0';
            int weighted = i % 2 == 1 ? digit * 2 : digit;
            sum += weighted > 9 ? weighted - 9 : weighted;
        }
        return sum;
    }

    private static boolean isIban(String match) {
        String compact = match.replace(" ", "").toUpperCase(Locale.ROOT);
        if (compact.length() < 15 || compact.length() > 34) {
            return false;
        }
        StringBuilder number = new StringBuilder(64);
        String rotated = compact.substring(4) + compact.substring(0, 4);
        rotated.chars().forEach(c -> number.append(Character.digit(c, 36)));
        return new BigInteger(number.toString()).mod(NINETY_SEVEN).intValue() == 1;
    }
}
