/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.logback;

import io.sentry.SentryOptions;
import java.beans.BeanInfo;
import java.beans.IntrospectionException;
import java.beans.Introspector;
import java.beans.PropertyDescriptor;
import java.lang.reflect.Method;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Carries what {@code <options>} in the XML sets over to the options that Sentry is initialised with. Any property of
 * Sentry's bean may be named there, as with Sentry's own appender, so they are compared with a fresh bean's.
 */
final class OptionsCopy {
    /** The bridge's own settings, checked there. */
    private static final Set<String> SETTINGS = Set.of("dsn", "release", "environment");

    private OptionsCopy() {}

    /**
     * Copies each value that differs from the default.
     * @param problem hears what could not be copied
     */
    static void copy(SentryOptions from, SentryOptions to, Consumer<String> problem) {
        SentryOptions fresh = new SentryOptions();
        for (PropertyDescriptor property : properties(problem)) {
            try {
                copy(property, from, fresh, to);
            } catch (ReflectiveOperationException | RuntimeException failed) {
                problem.accept("Option " + property.getName() + " could not be used");
            }
        }
        from.getTags().forEach(to::setTag);
        from.getInAppIncludes().forEach(to::addInAppInclude);
        from.getInAppExcludes().forEach(to::addInAppExclude);
        from.getContextTags().forEach(to::addContextTag);
        from.getIgnoredExceptionsForType().forEach(to::addIgnoredExceptionForType);
        if (from.getLogs().isEnabled()) {
            to.getLogs().setEnabled(true);
        }
    }

    private static PropertyDescriptor[] properties(Consumer<String> problem) {
        try {
            BeanInfo bean = Introspector.getBeanInfo(SentryOptions.class);
            return bean.getPropertyDescriptors();
        } catch (IntrospectionException failed) {
            problem.accept("Options could not be read: " + failed.getMessage());
            return new PropertyDescriptor[0];
        }
    }

    private static void copy(PropertyDescriptor property, SentryOptions from, SentryOptions fresh, SentryOptions to)
            throws ReflectiveOperationException {
        Method getter = property.getReadMethod();
        Method setter = property.getWriteMethod();
        if (getter == null
                || setter == null
                || SETTINGS.contains(property.getName())
                || !isPlain(property.getPropertyType())) {
            return;
        }
        Object value = getter.invoke(from);
        if (value != null && !Objects.equals(value, getter.invoke(fresh))) {
            setter.invoke(to, value);
        }
    }

    /** Text, numbers, flags and constants: what XML can say in one element. */
    private static boolean isPlain(Class<?> type) {
        return type.isPrimitive()
                || type.isEnum()
                || type == String.class
                || type == Boolean.class
                || Number.class.isAssignableFrom(type);
    }
}
