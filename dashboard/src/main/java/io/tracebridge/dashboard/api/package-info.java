/* SPDX-License-Identifier: Apache-2.0 */
/** JSON endpoints under {@code /api/v1/}: parameters in, answers out, errors mapped; start at {@link io.tracebridge.dashboard.api.ApiRoutes}. */
@NullMarked
package io.tracebridge.dashboard.api;

import org.jspecify.annotations.NullMarked;
