/* SPDX-License-Identifier: Apache-2.0 */
/** What makes an event, and one failure one event. */
@NullMarked
package io.tracebridge.error;

import org.jspecify.annotations.NullMarked;
