/* SPDX-License-Identifier: Apache-2.0 */
/** The Logback appender: log lines to events, breadcrumbs and Sentry's logs. Start at {@link TracebridgeAppender}. */
@NullMarked
package io.tracebridge.logback;

import org.jspecify.annotations.NullMarked;
