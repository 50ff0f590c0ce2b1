/* SPDX-License-Identifier: Apache-2.0 */
/** Secrets and personal data out of text and attributes; depends on nothing. */
@NullMarked
package io.tracebridge.scrub;

import org.jspecify.annotations.NullMarked;
