package dev.guildcast.gateway.socket;

import dev.guildcast.gateway.connection.Connection;
import dev.guildcast.gateway.connection.ConnectionRegistry;
import dev.guildcast.gateway.connection.Socket;
import dev.guildcast.gateway.handshake.ClientMessageHandler;
import dev.guildcast.gateway.protocol.CloseCode;
import io.netty.channel.Channel;
import java.time.Duration;
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
    private final ConnectionFactory factory;
    private final Duration closeTimeout;

    GatewayWebSocketHandler(
            ClientMessageHandler messageHandler,
            ConnectionRegistry connections,
            ConnectionFactory factory,
            Duration closeTimeout) {
        this.messageHandler = messageHandler;
        this.connections = connections;
        this.factory = factory;
        this.closeTimeout = closeTimeout;
    }

    /// @param permit released when the channel is closed
    Mono<Void> serve(WebSocketSession session, Channel channel, ConnectionRegistry.Permit permit) {
        var served = Mono.defer(() -> new ServedConnection(session, channel, permit).run());
        return channel.eventLoop().inEventLoop()
                ? served
                : served.subscribeOn(Schedulers.fromExecutor(channel.eventLoop()));
    }

    /// Wires one connection to its channel.
    private final class ServedConnection
            implements WebSocketEventInterceptor.Listener, FrameFilter.Listener, Socket.Listener {
        private final WebSocketSession session;
        private final Channel channel;
        private final ConnectionRegistry.Permit permit;
        private final Sinks.Empty<Void> channelClosed = Sinks.empty();
        private final WebSocketEventInterceptor interceptor;
        private final WebFluxSocket socket;
        private final Connection connection;
        private final UpgradeQuery upgrade;

        ServedConnection(WebSocketSession session, Channel channel, ConnectionRegistry.Permit permit) {
            this.session = session;
            this.channel = channel;
            this.permit = permit;
            var request = session.getHandshakeInfo().getUri();
            this.upgrade = UpgradeQuery.parse(UriComponentsBuilder.fromUri(request)
                    .build()
                    .getQueryParams()
                    .toSingleValueMap());
            this.interceptor = new WebSocketEventInterceptor(this);
            this.socket = new WebFluxSocket(channel, session.bufferFactory(), closeTimeout, this);
            this.connection = factory.create(socket, upgrade, request);
            interceptor.addTo(channel.pipeline(), new FrameFilter(this));
        }

        Mono<Void> run() {
            connections.add(connection);
            // The close future completes whatever happens in the pipeline.
            channel.closeFuture().addListener(closed -> onChannelClosed());
            // In a task of its own, when what is returned here has been subscribed to.
            channel.eventLoop().execute(() -> UpgradeTail.replay(channel.pipeline()));
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
                // The frame filter takes them.
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
        public void onProtocolViolation() {
            messageHandler.onProtocolViolation(connection);
        }

        @Override
        public boolean onControlFrame() {
            return messageHandler.onControlFrame(connection);
        }

        @Override
        public void onMessageTooLong() {
            if (!connection.isClosed()) {
                messageHandler.onMessageTooLong(connection);
            }
        }
    }
}
