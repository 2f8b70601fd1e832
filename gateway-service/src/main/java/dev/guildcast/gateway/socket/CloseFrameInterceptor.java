package dev.guildcast.gateway.socket;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.util.ReferenceCountUtil;
import reactor.netty.NettyPipeline;

/// Intercepts in the pipeline what WebFlux hides: the client's close code before it is echoed, changes of writability,
/// and the decoder's own close frame for an oversized message. After the gateway's close frame it continues to read and
/// drops what arrives, so that a TCP reset does not overtake the frame.
///
/// - **Owner:** the channel's event loop.
final class CloseFrameInterceptor extends ChannelDuplexHandler {
    /// Receives the intercepted events, on the channel's event loop.
    interface Listener {
        /// The client has sent a close frame.
        ///
        /// @param code its close code; negative: the frame had none
        void onClientClose(int code);

        /// The channel is writable again.
        void onWritable();

        /// A message was longer than the decoder accepts.
        void onMessageTooLong();
    }

    private static final String DECODER = "wsdecoder";

    private final Listener listener;
    private boolean closeSent;

    CloseFrameInterceptor(Listener listener) {
        this.listener = listener;
    }

    /// Adds its handlers around the WebSocket codec.
    void addTo(ChannelPipeline pipeline) {
        pipeline.addBefore(NettyPipeline.ReactiveBridge, "guildcast.close-frame", this);
        if (pipeline.get(DECODER) != null) {
            pipeline.addBefore(DECODER, "guildcast.too-long", new TooLongInterceptor());
        }
    }

    /// The gateway's own close frame has been written.
    void onCloseSent() {
        closeSent = true;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        if (closeSent) {
            boolean isCloseReply = message instanceof CloseWebSocketFrame;
            ReferenceCountUtil.release(message);
            if (isCloseReply) {
                context.close();
            }
            return;
        }
        if (message instanceof CloseWebSocketFrame close) {
            listener.onClientClose(close.statusCode());
        }
        super.channelRead(context, message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) throws Exception {
        super.channelReadComplete(context);
        if (closeSent) {
            // No one else requests further reads.
            context.read();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) throws Exception {
        if (context.channel().isWritable()) {
            listener.onWritable();
        }
        super.channelWritabilityChanged(context);
    }

    /// Replaces the close with 1009, which the decoder sends for an oversized message, by the protocol's own close
    /// code.
    private final class TooLongInterceptor extends ChannelOutboundHandlerAdapter {
        @Override
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) throws Exception {
            if (message instanceof CloseWebSocketFrame close
                    && close.statusCode() == WebSocketCloseStatus.MESSAGE_TOO_BIG.code()) {
                ReferenceCountUtil.release(message);
                listener.onMessageTooLong();
                return;
            }
            super.write(context, message, promise);
        }
    }
}
