/* SPDX-License-Identifier: Apache-2.0 */
/** The local server */
@NullMarked
package io.tracebridge.dashboard;

import org.jspecify.annotations.NullMarked;
