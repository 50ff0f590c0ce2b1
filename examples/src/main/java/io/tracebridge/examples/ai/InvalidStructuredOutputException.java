/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.examples.ai;

/** The model answered, but not with what was asked for. The message never holds the answer. */
public final class InvalidStructuredOutputException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public InvalidStructuredOutputException(String message) {
        super(message);
    }
}
