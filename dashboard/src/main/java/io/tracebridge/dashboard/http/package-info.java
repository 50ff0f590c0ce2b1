/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What every endpoint of the dashboard shares: how features mount themselves, the guards in front of them, and the hub of
 * live changes. Start with {@link io.tracebridge.dashboard.http.Routes}.
 */
@NullMarked
package io.tracebridge.dashboard.http;

import org.jspecify.annotations.NullMarked;
