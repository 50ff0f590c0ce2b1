/* SPDX-License-Identifier: Apache-2.0 */
/** The Logback appender */
@NullMarked
package io.tracebridge.logback;

import org.jspecify.annotations.NullMarked;
