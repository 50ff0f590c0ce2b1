/* SPDX-License-Identifier: Apache-2.0 */
package com.acme;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** An application that knows SLF4J and nothing else. Ends at once after its error: by return, exit or an exception. */
public final class Shop {
    private static final Logger LOG = LoggerFactory.getLogger(Shop.class);

    private Shop() {}

    public static void main(String[] args) {
        LOG.info("shop opens");
        MDC.put("orderId", "7");
        try {
            ship();
        } catch (IllegalStateException failed) {
            LOG.error("shipping of order {} failed", 7, failed);
        }
        switch (args[0]) {
            case "exit" -> System.exit(3);
            case "throw" -> throw new IllegalArgumentException("nobody caught this");
            default -> {}
        }
    }

    private static void ship() {
        throw new IllegalStateException("no truck");
    }
}
