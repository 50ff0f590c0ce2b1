/* SPDX-License-Identifier: Apache-2.0 */
/** Our parts inside the OpenTelemetry SDK: its configuration, exporters and shutdown. */
@NullMarked
package io.tracebridge.sdk;

import org.jspecify.annotations.NullMarked;
