/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sentry;

import io.sentry.SentryOptions;
import io.sentry.util.PropagationTargetsUtils;
import io.tracebridge.context.AiProviders;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which requests may carry our headers: those the application's targets name; without targets all, except Sentry itself
 * and AI providers, who have no use for an organisation's trace ids.
 */
final class PropagationTargets {
    private PropagationTargets() {}

    /**
     * Whether the request may carry headers.
     * @param url null when this is no HTTP request or its URL is not known
     */
    static boolean allow(SentryOptions options, @Nullable String url) {
        if (url == null) {
            return true;
        }
        if (url.startsWith(SpoolingTransportFactory.endpoint(options))) {
            return false;
        }
        List<String> targets = options.getTracePropagationTargets();
        boolean byDefault = targets.size() == 1 && targets.get(0).equals(".*");
        return byDefault ? !AiProviders.owns(url) : PropagationTargetsUtils.contain(targets, url);
    }
}
