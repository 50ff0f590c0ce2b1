/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.http;

import com.linecorp.armeria.common.logging.RequestLogProperty;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Closes a connection that was told no and does not come with another request. The rest of a body that nobody reads could else
 * hold it, a byte now and then. Not at once: a sender that is cut off while it writes never reads the answer.
 *
 * <p>For HTTP/1 only: streams of HTTP/2 end by themselves, and others share their connection.
 */
final class AfterRefusal {
    private static final AttributeKey<Object> LAST = AttributeKey.valueOf(AfterRefusal.class, "last request");
    private static final int FIRST_REFUSAL = 400;

    private AfterRefusal() {}

    /** To be called with each request before it is answered. */
    static void watch(ServiceRequestContext context, Duration patience) {
        Channel channel = context.log().partial().channel();
        if (channel == null || context.sessionProtocol().isMultiplex()) {
            return;
        }
        Object mine = new Object();
        channel.attr(LAST).set(mine);
        var unused = context.log()
                .whenAvailable(RequestLogProperty.RESPONSE_HEADERS, RequestLogProperty.RESPONSE_END_TIME)
                .thenAccept(log -> {
                    if (log.responseStatus().code() >= FIRST_REFUSAL) {
                        closeSoon(channel, mine, patience);
                    }
                });
    }

    private static void closeSoon(Channel channel, Object request, Duration patience) {
        var unused = channel.eventLoop()
                .schedule(() -> closeIfLast(channel, request), patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static void closeIfLast(Channel channel, Object request) {
        if (channel.attr(LAST).get() == request) {
            var unused = channel.close();
        }
    }
}
