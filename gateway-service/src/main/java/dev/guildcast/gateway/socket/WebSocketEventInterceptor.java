package dev.guildcast.gateway.socket;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.util.ReferenceCountUtil;
import reactor.netty.NettyPipeline;

/// Intercepts in the pipeline what WebFlux hides: the client's close code before it is echoed, changes of writability,
/// and the decoder's own close frames, for an oversized message and for a violation of RFC 6455. After the gateway's
/// close frame it continues to read and drops what arrives, so that a TCP reset does not overtake the frame.
///
/// - **Owner:** the channel's event loop.
final class WebSocketEventInterceptor extends ChannelDuplexHandler {
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

        /// The decoder has found a frame that violates RFC 6455.
        void onProtocolViolation();
    }

    private static final String DECODER = "wsdecoder";

    private final Listener listener;
    private boolean closeSent;
    private boolean closeReceived;
    private boolean decoderClosed;

    WebSocketEventInterceptor(Listener listener) {
        this.listener = listener;
    }

    /// Adds its handlers around the WebSocket codec, and the frame filter behind it.
    void addTo(ChannelPipeline pipeline, FrameFilter frameFilter) {
        pipeline.addBefore(NettyPipeline.ReactiveBridge, "guildcast.close-frame", this);
        if (pipeline.get(DECODER) != null) {
            pipeline.addBefore(DECODER, "guildcast.decoder-close", new DecoderCloseInterceptor());
            pipeline.addAfter(DECODER, "guildcast.frame-filter", frameFilter);
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
            closeReceived = true;
            listener.onClientClose(close.statusCode());
        }
        super.channelRead(context, message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) throws Exception {
        super.channelReadComplete(context);
        if (closeSent || decoderClosed) {
            // No one else requests further reads.
            context.read();
        }
    }

    /// The exception that the decoder throws with its own close would end the channel before the gateway's close frame
    /// is written.
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) throws Exception {
        if (!decoderClosed || !(cause instanceof CorruptedFrameException)) {
            super.exceptionCaught(context, cause);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) throws Exception {
        if (context.channel().isWritable()) {
            listener.onWritable();
        }
        super.channelWritabilityChanged(context);
    }

    /// Replaces the closes that the decoder sends by itself, with 1009 for an oversized message and 1002 or 1007 for a
    /// malformed frame, by those of the connection: they are counted, and wait for the client's reply.
    private final class DecoderCloseInterceptor extends ChannelOutboundHandlerAdapter {
        @Override
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) throws Exception {
            int code = message instanceof CloseWebSocketFrame close ? close.statusCode() : 0;
            if (isOfDecoder(code)) {
                ReferenceCountUtil.release(message);
                decoderClosed = true;
                if (code == WebSocketCloseStatus.MESSAGE_TOO_BIG.code()) {
                    listener.onMessageTooLong();
                } else {
                    listener.onProtocolViolation();
                }
                return;
            }
            super.write(context, message, promise);
        }

        /// Not the gateway's own close with 1002, nor the echo of a client's.
        private boolean isOfDecoder(int code) {
            return !closeSent
                    && !closeReceived
                    && (code == WebSocketCloseStatus.MESSAGE_TOO_BIG.code()
                            || code == WebSocketCloseStatus.PROTOCOL_ERROR.code()
                            || code == WebSocketCloseStatus.INVALID_PAYLOAD_DATA.code());
        }
    }
}
