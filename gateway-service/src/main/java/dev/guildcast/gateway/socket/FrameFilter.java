package dev.guildcast.gateway.socket;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import org.jspecify.annotations.Nullable;

/// Stands behind the WebSocket decoder: refuses frames with reserved bits, for which no extension is agreed, and
/// answers pings.
///
/// - **Owner:** the channel's event loop.
/// - **Bound:** control frames by the limit behind [Listener#onControlFrame]; while the channel is not writable, one
///   ping waits for its answer, the last.
/// - **Promise:** nothing is written to a channel that is not writable.
final class FrameFilter extends ChannelInboundHandlerAdapter {
    /// Receives what the filter finds, on the channel's event loop.
    interface Listener {
        /// A frame violates RFC 6455.
        void onProtocolViolation();

        /// A ping or pong was received.
        ///
        /// @return whether it may be answered: the connection is open and within its limit
        boolean onControlFrame();
    }

    private final Listener listener;
    private @Nullable ByteBuf unansweredPing;

    FrameFilter(Listener listener) {
        this.listener = listener;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof WebSocketFrame frame) {
            if (frame.rsv() != 0) {
                listener.onProtocolViolation();
                drop(context, frame);
                return;
            }
            if (frame instanceof PingWebSocketFrame || frame instanceof PongWebSocketFrame) {
                if (listener.onControlFrame() && frame instanceof PingWebSocketFrame) {
                    // A copy, because the frame is a slice of a whole read of the transport.
                    replaceUnanswered(frame.content().copy());
                    answer(context);
                }
                drop(context, frame);
                return;
            }
        }
        context.fireChannelRead(message);
    }

    /// What is not passed on creates no demand for the next frame, so that it is requested here.
    private static void drop(ChannelHandlerContext context, WebSocketFrame frame) {
        frame.release();
        context.read();
    }

    private void answer(ChannelHandlerContext context) {
        var ping = unansweredPing;
        if (ping != null && context.channel().isWritable()) {
            unansweredPing = null;
            var unused = context.writeAndFlush(new PongWebSocketFrame(ping));
        }
    }

    private void replaceUnanswered(@Nullable ByteBuf next) {
        if (unansweredPing != null) {
            unansweredPing.release();
        }
        unansweredPing = next;
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        answer(context);
        context.fireChannelWritabilityChanged();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        replaceUnanswered(null);
    }
}
