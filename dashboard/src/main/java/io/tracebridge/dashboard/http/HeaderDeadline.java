/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Closes a connection whose first request head is not complete in time. The idle timeout does not: every byte that trickles in
 * starts it again. Later requests of a connection are bounded by its age and by the number of connections.
 * @since 0.1
 */
public final class HeaderDeadline implements Consumer<ChannelPipeline> {
    private final Duration limit;

    public HeaderDeadline(Duration limit) {
        this.limit = limit;
    }

    @Override
    public void accept(ChannelPipeline pipeline) {
        pipeline.addFirst(new Watch());
    }

    /** Looks for the empty line that ends a head; it removes itself when there is one. HTTP/2's preface has one as well. */
    private final class Watch extends ChannelInboundHandlerAdapter {
        private @Nullable ScheduledFuture<?> end;
        private int matched;

        @Override
        public void handlerAdded(ChannelHandlerContext context) {
            end = context.executor().schedule(() -> close(context), limit.toMillis(), TimeUnit.MILLISECONDS);
        }

        @Override
        public void handlerRemoved(ChannelHandlerContext context) {
            if (end != null) {
                end.cancel(false);
            }
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            boolean complete = message instanceof ByteBuf bytes && endsHead(bytes);
            context.fireChannelRead(message);
            if (complete && !context.isRemoved()) {
                context.pipeline().remove(this);
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            handlerRemoved(context);
            context.fireChannelInactive();
        }

        private void close(ChannelHandlerContext context) {
            var unused = context.close();
        }

        private boolean endsHead(ByteBuf bytes) {
            for (int i = bytes.readerIndex(); i < bytes.writerIndex(); i++) {
                byte next = bytes.getByte(i);
                if (next == '\n') {
                    if (++matched == 2) {
                        return true;
                    }
                } else if (next != '\r') {
                    matched = 0;
                }
            }
            return false;
        }
    }
}
