/* SPDX-License-Identifier: Apache-2.0 */
/** The web pages and the libraries they load, served from the class path. Start at {@link io.tracebridge.dashboard.ui.WebPages}. */
@NullMarked
package io.tracebridge.dashboard.ui;

import org.jspecify.annotations.NullMarked;
