/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ingest.grouping;

import java.util.regex.Pattern;

/**
 * Takes out of class and method names what compilers and proxies put in anew on each run or build.
 *
 * <p>All patterns are linear: none has nested or adjacent repetitions over the same characters.
 */
final class FrameNames {
    private static final int MAX_NAME = 1_024;
    private static final String AUTO = "<auto>";

    private static final Pattern NUMBERED_ACCESSOR =
            Pattern.compile("(Generated(?:Serialization)?(?:Method|Constructor)Accessor)\\d+");

    /** The generated tail of a class: from its marker to the end of the name. */
    private static final Pattern GENERATED_TAIL = Pattern.compile(
            "\\$\\$(?:[A-Za-z]*CGLIB|EnhancerBy|FastClassBy|HibernateProxy|_javassist|_Weld|_Client|KeyFactoryBy)\\S*"
                    + "|\\$(?:MockitoMock|ByteBuddy|HibernateProxy)\\$\\S*"
                    + "|\\$Proxy\\d+\\S*"
                    + "|_\\$\\$_\\S*"
                    + "|\\$fn__\\d+\\S*");

    private static final Pattern PROXY_PACKAGE = Pattern.compile("^(?:jdk|com\\.sun)\\.proxy\\d*\\.");
    private static final Pattern NUMBERED_CLASS = Pattern.compile("\\$\\d+(?=$|\\$)");
    private static final Pattern NUMBERED_FUNCTION = Pattern.compile("\\$(?:\\d+|suspendImpl|default)$");

    private FrameNames() {}

    /** True for classes that stand for a lambda: their names change from run to run. */
    static boolean isLambda(String module, String function) {
        return module.contains("$$Lambda") || function.startsWith("lambda$");
    }

    static String module(String module) {
        String name = bound(module);
        if (name.indexOf('$') < 0 && name.indexOf("Accessor") < 0) {
            return name;
        }
        name = NUMBERED_ACCESSOR.matcher(name).replaceAll("$1");
        name = PROXY_PACKAGE.matcher(name).replaceFirst("proxy.");
        name = GENERATED_TAIL.matcher(name).replaceAll(AUTO);
        return NUMBERED_CLASS.matcher(name).replaceAll("\\$" + AUTO);
    }

    static String function(String function) {
        String name = bound(function);
        return name.indexOf('$') < 0 ? name : NUMBERED_FUNCTION.matcher(name).replaceFirst("");
    }

    private static String bound(String name) {
        return name.length() <= MAX_NAME ? name : name.substring(0, MAX_NAME);
    }
}
