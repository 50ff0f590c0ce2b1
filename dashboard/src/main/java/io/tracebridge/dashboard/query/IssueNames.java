/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.query;

/** Names of exception classes and methods as lists show them. */
final class IssueNames {
    private IssueNames() {}

    /** The class without its package; what is not a class name stays. */
    static String simple(String type) {
        int end = type.indexOf(' ') < 0 ? type.length() : type.indexOf(' ');
        String name = type.substring(0, end);
        return end < type.length() ? type : name.substring(name.lastIndexOf('.') + 1);
    }
}
