package dev.guildcast.gateway.socket;

import dev.guildcast.gateway.Connection;
import dev.guildcast.gateway.ConnectionRegistry;
import dev.guildcast.gateway.GatewayMetrics;
import dev.guildcast.gateway.codec.FrameCompressor;
import dev.guildcast.gateway.codec.JsonPayloadCodec;
import dev.guildcast.gateway.codec.PayloadCodec;
import dev.guildcast.gateway.codec.ZlibStreamCompressor;
import dev.guildcast.gateway.command.CommandProperties;
import dev.guildcast.gateway.handshake.Handshake;
import dev.guildcast.gateway.outbound.OutboundQueue;
import dev.guildcast.gateway.outbound.SlowConsumerPolicy;
import dev.guildcast.gateway.protocol.CloseCode;
import io.netty.channel.Channel;
import java.util.function.LongSupplier;
import org.springframework.web.reactive.socket.WebSocketMessage;
import org.springframework.web.reactive.socket.WebSocketSession;
import org.springframework.web.util.UriComponentsBuilder;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/// One client's WebSocket, from the upgrade to the end of its channel.
///
/// Stateless: one for all connections. What it makes for each lives on the channel's event loop.
final class GatewayWebSocketHandler {
    private final Handshake handshake;
    private final ConnectionRegistry connections;
    private final SocketProperties properties;
    private final CommandProperties commands;
    private final PublicUrls urls;
    private final GatewayMetrics metrics;
    private final LongSupplier nanos;
    private final PayloadCodec json = new JsonPayloadCodec();

    GatewayWebSocketHandler(
            Handshake handshake,
            ConnectionRegistry connections,
            SocketProperties properties,
            CommandProperties commands,
            PublicUrls urls,
            GatewayMetrics metrics,
            LongSupplier nanos) {
        this.handshake = handshake;
        this.connections = connections;
        this.properties = properties;
        this.commands = commands;
        this.urls = urls;
        this.metrics = metrics;
        this.nanos = nanos;
    }

    /// @param place given back when the channel is gone
    Mono<Void> serve(WebSocketSession session, Channel channel, ConnectionRegistry.Place place) {
        var served = Mono.defer(() -> new Serving(session, channel, place).run());
        return channel.eventLoop().inEventLoop()
                ? served
                : served.subscribeOn(Schedulers.fromExecutor(channel.eventLoop()));
    }

    /// What one connection is made of.
    private final class Serving implements WireWatch.Listener {
        private final WebSocketSession session;
        private final Channel channel;
        private final ConnectionRegistry.Place place;
        private final Sinks.Empty<Void> gone = Sinks.empty();
        private final WebFluxSocket socket;
        private final Connection connection;
        private final Upgrade upgrade;

        Serving(WebSocketSession session, Channel channel, ConnectionRegistry.Place place) {
            this.session = session;
            this.channel = channel;
            this.place = place;
            this.upgrade = Upgrade.of(
                    UriComponentsBuilder.fromUri(session.getHandshakeInfo().getUri())
                            .build()
                            .getQueryParams()
                            .toSingleValueMap());
            var queue = new OutboundQueue();
            var wire = new WireWatch(this);
            this.socket = new WebFluxSocket(
                    channel, queue, session.bufferFactory(), properties.closeTimeout(), this::onTaken, wire::onClosing);
            long now = nanos.getAsLong();
            this.connection = new Connection(
                    new NettyLoop(channel.eventLoop()),
                    socket,
                    new Connection.Terms(
                            upgrade.version(),
                            "json",
                            upgrade.zlibStream(),
                            urls.resumeUrl(session.getHandshakeInfo().getUri())),
                    json,
                    upgrade.zlibStream() ? new ZlibStreamCompressor() : FrameCompressor.NONE,
                    queue,
                    new SlowConsumerPolicy(
                            properties.outboundLimit().toBytes(),
                            properties.parkedMax().toNanos()),
                    commands.commands(now),
                    commands.presences(now),
                    metrics,
                    nanos);
            wire.join(channel.pipeline());
        }

        Mono<Void> run() {
            connections.add(connection);
            // Whatever happens to the pipeline, the end of the channel is noticed.
            channel.closeFuture().addListener(closed -> onGone());
            upgrade.refusal().ifPresentOrElse(connection::close, () -> handshake.onOpen(connection));
            return Mono.when(
                    session.receive()
                            .doOnNext(this::onMessage)
                            .then()
                            // A broken pipe ends the channel, and that is told by itself; any other error is a message
                            // that cannot be read.
                            .doOnError(error -> connection.close(CloseCode.DECODE_ERROR))
                            .onErrorComplete()
                            .then(gone.asMono()),
                    session.send(socket).onErrorComplete());
        }

        private void onMessage(WebSocketMessage message) {
            switch (message.getType()) {
                case TEXT, BINARY -> {
                    var buffer = message.getPayload();
                    var bytes = new byte[buffer.readableByteCount()];
                    buffer.read(bytes);
                    handshake.onMessage(connection, bytes);
                }
                case PING, PONG -> {}
            }
        }

        private void onTaken() {
            connection.onTaken();
        }

        @Override
        public void onClose(int code) {
            connection.onClientGone(code);
        }

        private void onGone() {
            connection.onClientGone(-1);
            connections.remove(connection);
            connection.release();
            place.release();
            gone.tryEmitEmpty();
        }

        @Override
        public void onWritable() {
            socket.onWritable();
        }

        @Override
        public void onTooLong() {
            if (!connection.isClosed()) {
                handshake.onTooLong(connection);
            }
        }
    }
}
