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

/// Sees on the wire what WebFlux does not show: the client's close code before it is echoed, writability, and the
/// decoder's own answer to an oversized message. After the gateway's close frame it reads on, so that a reset does not
/// overtake the frame, and drops what comes.
///
/// - **Owner:** the channel's event loop.
final class WireWatch extends ChannelDuplexHandler {
    /// What happens on the wire, on the channel's event loop.
    interface Listener {
        /// The client closes.
        ///
        /// @param code negative: its frame held none
        void onClose(int code);

        /// The channel takes more again.
        void onWritable();

        /// A message is longer than the decoder reads.
        void onTooLong();
    }

    private static final String DECODER = "wsdecoder";

    private final Listener listener;
    private boolean closing;

    WireWatch(Listener listener) {
        this.listener = listener;
    }

    /// Takes its places around the WebSocket codec.
    void join(ChannelPipeline pipeline) {
        pipeline.addBefore(NettyPipeline.ReactiveBridge, "guildcast.wire", this);
        if (pipeline.get(DECODER) != null) {
            pipeline.addBefore(DECODER, "guildcast.too-long", new TooLong());
        }
    }

    /// The gateway's own close frame has been written.
    void onClosing() {
        closing = true;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        if (closing) {
            boolean answer = message instanceof CloseWebSocketFrame;
            ReferenceCountUtil.release(message);
            if (answer) {
                context.close();
            }
            return;
        }
        if (message instanceof CloseWebSocketFrame close) {
            listener.onClose(close.statusCode());
        }
        super.channelRead(context, message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) throws Exception {
        super.channelReadComplete(context);
        if (closing) {
            // Nobody else asks for more.
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

    /// The decoder answers an oversized message with 1009; clients of this protocol are told otherwise.
    private final class TooLong extends ChannelOutboundHandlerAdapter {
        @Override
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) throws Exception {
            if (message instanceof CloseWebSocketFrame close
                    && close.statusCode() == WebSocketCloseStatus.MESSAGE_TOO_BIG.code()) {
                ReferenceCountUtil.release(message);
                listener.onTooLong();
                return;
            }
            super.write(context, message, promise);
        }
    }
}
