package dev.guildcast.gateway.socket;

import dev.guildcast.gateway.connection.Connection;
import dev.guildcast.gateway.connection.ConnectionRegistry;
import dev.guildcast.gateway.connection.Socket;
import dev.guildcast.gateway.protocol.CloseCode;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.DecoderException;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.URI;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The only handler of a channel after its handshake, besides TLS: a WebSocket server by RFC 6455.
///
/// There is one instance for each channel, because it also holds the channel's state: a handler that all channels share
/// would look that up in an attribute, which is larger than this object.
///
/// - **Owner:** the channel's event loop.
/// - **Bound:** inbound that of [FrameReader], outbound that of [FrameSocket]; control frames that of the connection.
/// - **Promise:** when the channel is closed, the connection has ended and its permit is released.
final class FrameHandler extends ChannelDuplexHandler implements FrameReader.Listener, Socket.Listener {
    private static final Logger log = LoggerFactory.getLogger(FrameHandler.class);

    private final FrameLayer layer;
    private final ConnectionRegistry.Permit permit;
    private final FrameReader reader;
    private final FrameSocket socket;
    private final Connection connection;

    /// @param permit released when the channel is closed
    FrameHandler(
            FrameLayer layer, Channel channel, ConnectionRegistry.Permit permit, UpgradeQuery upgrade, URI request) {
        this.layer = layer;
        this.permit = permit;
        this.reader = new FrameReader(layer.messageBytesMax(), this);
        this.socket = new FrameSocket(channel, layer.flusher(channel.eventLoop()), layer.closeTimeout(), this);
        this.connection = layer.connectionFactory().create(socket, upgrade, request);
    }

    /// The handshake has been written: greets the client, or closes the connection when its query was rejected.
    void open(UpgradeQuery upgrade) {
        layer.connections().add(connection);
        upgrade.rejection()
                .ifPresentOrElse(connection::close, () -> layer.messageHandler().onOpen(connection));
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        try {
            if (message instanceof ByteBuf bytes) {
                reader.read(bytes);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (context.channel().isWritable()) {
            socket.onWritable();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        try {
            connection.onClientDisconnected(-1);
        } finally {
            layer.connections().remove(connection);
            connection.release();
            permit.release();
        }
    }

    /// A broken channel or TLS record ends the connection; so does a bug, but no other connection.
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof IOException || cause instanceof DecoderException) {
            log.debug("a connection is broken", cause);
            context.close();
            return;
        }
        log.error("serving a connection failed; it is closed with 4000, and its client may resume", cause);
        if (connection.isClosed()) {
            context.close();
        } else {
            connection.close(CloseCode.UNKNOWN_ERROR);
        }
    }

    /// Drops the end of the response that the HTTP exchange writes after its handshake; frames are bytes.
    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof ByteBuf) {
            var unused = context.write(message, promise);
        } else {
            ReferenceCountUtil.release(message);
            promise.trySuccess();
        }
    }

    // ---- what the client sends

    @Override
    public void onMessage(byte[] message) {
        layer.messageHandler().onMessage(connection, message);
    }

    @Override
    public void onPing(byte[] payload) {
        if (layer.messageHandler().onControlFrame(connection)) {
            socket.answer(payload);
        }
    }

    @Override
    public void onPong() {
        layer.messageHandler().onControlFrame(connection);
    }

    @Override
    public void onClose(byte[] payload) {
        connection.onClientDisconnected(FrameReader.closeCode(payload));
        socket.onClientClose(payload);
    }

    @Override
    public void onProtocolViolation() {
        layer.messageHandler().onProtocolViolation(connection);
    }

    @Override
    public void onInvalidUtf8() {
        layer.messageHandler().onInvalidUtf8(connection);
    }

    @Override
    public void onMessageTooLong() {
        if (!connection.isClosed()) {
            layer.messageHandler().onMessageTooLong(connection);
        }
    }

    // ---- the socket

    @Override
    public void onFramesDequeued() {
        connection.onFramesDequeued();
    }

    @Override
    public void onCloseSent() {
        // The reader goes on: the client's own close frame ends the channel.
    }
}
