/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ingest.grouping;

import java.util.List;

/** Which frames are the application's own, when the sender did not say. */
final class InAppRules {
    private static final List<String> LIBRARIES = List.of(
            "java.",
            "javax.",
            "jakarta.",
            "jdk.",
            "sun.",
            "com.sun.",
            "kotlin.",
            "kotlinx.",
            "scala.",
            "groovy.",
            "org.codehaus.groovy.",
            "clojure.",
            "proxy.<auto>",
            "org.springframework.",
            "org.apache.",
            "org.hibernate.",
            "org.eclipse.jetty.",
            "org.jboss.",
            "org.postgresql.",
            "org.h2.",
            "com.mysql.",
            "com.zaxxer.hikari.",
            "com.fasterxml.",
            "com.google.common.",
            "com.google.protobuf.",
            "com.linecorp.armeria.",
            "io.netty.",
            "io.grpc.",
            "io.undertow.",
            "io.vertx.",
            "io.micrometer.",
            "io.micronaut.",
            "io.quarkus.",
            "io.reactivex.",
            "io.opentelemetry.",
            "io.sentry.",
            "io.tracebridge.context.",
            "io.tracebridge.error.",
            "io.tracebridge.sampling.",
            "io.tracebridge.sentry.",
            "reactor.",
            "okhttp3.",
            "okio.",
            "ch.qos.logback.",
            "org.slf4j.",
            "org.junit.",
            "org.mockito.",
            "net.bytebuddy.",
            "node:");

    private InAppRules() {}

    static boolean isInApp(CodeFrame frame) {
        Boolean stated = frame.inApp();
        if (stated != null) {
            return stated;
        }
        String module = frame.module();
        String file = frame.file() == null ? "" : frame.file();
        if (module.isEmpty() && file.isEmpty()) {
            return false;
        }
        for (String library : LIBRARIES) {
            if (module.startsWith(library)) {
                return false;
            }
        }
        return !module.equals("io.tracebridge.Tracebridge") && !isLibraryFile(file);
    }

    private static boolean isLibraryFile(String file) {
        return file.contains("node_modules/") || file.contains("site-packages/") || file.startsWith("node:");
    }
}
