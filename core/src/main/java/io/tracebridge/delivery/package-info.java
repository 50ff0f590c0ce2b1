/* SPDX-License-Identifier: Apache-2.0 */
/** A spool on disk and the sender behind it; payloads are opaque bytes here. */
@NullMarked
package io.tracebridge.delivery;

import org.jspecify.annotations.NullMarked;
