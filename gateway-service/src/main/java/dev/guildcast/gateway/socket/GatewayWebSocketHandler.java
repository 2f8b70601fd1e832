package dev.guildcast.gateway.socket;

import dev.guildcast.gateway.codec.FrameCompressor;
import dev.guildcast.gateway.codec.JsonPayloadCodec;
import dev.guildcast.gateway.codec.PayloadCodec;
import dev.guildcast.gateway.codec.ZlibStreamCompressor;
import dev.guildcast.gateway.command.CommandProperties;
import dev.guildcast.gateway.connection.Connection;
import dev.guildcast.gateway.connection.ConnectionMetrics;
import dev.guildcast.gateway.connection.ConnectionRegistry;
import dev.guildcast.gateway.connection.SlowConsumerPolicy;
import dev.guildcast.gateway.connection.Socket;
import dev.guildcast.gateway.handshake.ClientMessageHandler;
import dev.guildcast.gateway.protocol.CloseCode;
import io.netty.channel.Channel;
import java.util.function.LongSupplier;
import org.springframework.web.reactive.socket.WebSocketMessage;
import org.springframework.web.reactive.socket.WebSocketSession;
import org.springframework.web.util.UriComponentsBuilder;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/// Serves a client's WebSocket from the upgrade until its channel is closed.
///
/// Stateless: one instance serves all connections. The objects of one connection belong to its channel's event loop.
final class GatewayWebSocketHandler {
    private final ClientMessageHandler messageHandler;
    private final ConnectionRegistry connections;
    private final SocketProperties properties;
    private final CommandProperties commands;
    private final PublicUrls urls;
    private final ConnectionMetrics metrics;
    private final LongSupplier nanoTime;
    private final PayloadCodec jsonCodec = new JsonPayloadCodec();

    GatewayWebSocketHandler(
            ClientMessageHandler messageHandler,
            ConnectionRegistry connections,
            SocketProperties properties,
            CommandProperties commands,
            PublicUrls urls,
            ConnectionMetrics metrics,
            LongSupplier nanoTime) {
        this.messageHandler = messageHandler;
        this.connections = connections;
        this.properties = properties;
        this.commands = commands;
        this.urls = urls;
        this.metrics = metrics;
        this.nanoTime = nanoTime;
    }

    /// @param permit released when the channel is closed
    Mono<Void> serve(WebSocketSession session, Channel channel, ConnectionRegistry.Permit permit) {
        var served = Mono.defer(() -> new ServedConnection(session, channel, permit).run());
        return channel.eventLoop().inEventLoop()
                ? served
                : served.subscribeOn(Schedulers.fromExecutor(channel.eventLoop()));
    }

    /// Wires one connection: its channel, socket, codec and limits.
    private final class ServedConnection implements CloseFrameInterceptor.Listener, Socket.Listener {
        private final WebSocketSession session;
        private final Channel channel;
        private final ConnectionRegistry.Permit permit;
        private final Sinks.Empty<Void> channelClosed = Sinks.empty();
        private final CloseFrameInterceptor interceptor;
        private final WebFluxSocket socket;
        private final Connection connection;
        private final UpgradeQuery upgrade;

        ServedConnection(WebSocketSession session, Channel channel, ConnectionRegistry.Permit permit) {
            this.session = session;
            this.channel = channel;
            this.permit = permit;
            this.upgrade = UpgradeQuery.parse(
                    UriComponentsBuilder.fromUri(session.getHandshakeInfo().getUri())
                            .build()
                            .getQueryParams()
                            .toSingleValueMap());
            this.interceptor = new CloseFrameInterceptor(this);
            this.socket = new WebFluxSocket(channel, session.bufferFactory(), properties.closeTimeout(), this);
            long now = nanoTime.getAsLong();
            this.connection = new Connection(
                    new NettyLoop(channel.eventLoop()),
                    socket,
                    new Connection.Parameters(
                            upgrade.version(),
                            "json",
                            upgrade.zlibStream(),
                            urls.resumeUrl(session.getHandshakeInfo().getUri())),
                    jsonCodec,
                    upgrade.zlibStream() ? new ZlibStreamCompressor() : FrameCompressor.NONE,
                    new SlowConsumerPolicy(
                            properties.outboundLimit().toBytes(),
                            properties.parkedMax().toNanos()),
                    commands.commandLimiter(now),
                    commands.presenceLimiter(now),
                    metrics,
                    nanoTime);
            interceptor.addTo(channel.pipeline());
        }

        Mono<Void> run() {
            connections.add(connection);
            // The close future completes whatever happens in the pipeline.
            channel.closeFuture().addListener(closed -> onChannelClosed());
            upgrade.rejection().ifPresentOrElse(connection::close, () -> messageHandler.onOpen(connection));
            return Mono.when(
                    session.receive()
                            .doOnNext(this::onMessage)
                            .then()
                            // A broken pipe closes the channel, which is handled above; any other error is a message
                            // that cannot be decoded.
                            .doOnError(error -> connection.close(CloseCode.DECODE_ERROR))
                            .onErrorComplete()
                            .then(channelClosed.asMono()),
                    session.send(socket).onErrorComplete());
        }

        private void onMessage(WebSocketMessage message) {
            switch (message.getType()) {
                case TEXT, BINARY -> {
                    var buffer = message.getPayload();
                    var bytes = new byte[buffer.readableByteCount()];
                    buffer.read(bytes);
                    messageHandler.onMessage(connection, bytes);
                }
                case PING, PONG -> {}
            }
        }

        @Override
        public void onFramesDequeued() {
            connection.onFramesDequeued();
        }

        @Override
        public void onCloseSent() {
            interceptor.onCloseSent();
        }

        @Override
        public void onClientClose(int code) {
            connection.onClientDisconnected(code);
        }

        private void onChannelClosed() {
            connection.onClientDisconnected(-1);
            connections.remove(connection);
            connection.release();
            permit.release();
            channelClosed.tryEmitEmpty();
        }

        @Override
        public void onWritable() {
            socket.onWritable();
        }

        @Override
        public void onMessageTooLong() {
            if (!connection.isClosed()) {
                messageHandler.onMessageTooLong(connection);
            }
        }
    }
}
