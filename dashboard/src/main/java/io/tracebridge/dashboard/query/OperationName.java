/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.query;

import io.tracebridge.dashboard.store.OperationRef;

/**
 * An operation as answers name it.
 * @since 0.1
 */
public record OperationName(String key, String name, String kind, String service) {
    static OperationName of(OperationRef operation) {
        return new OperationName(operation.key(), operation.name(), operation.kind(), operation.service());
    }
}
