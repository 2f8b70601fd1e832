package dev.guildcast.gateway.socket;

import dev.guildcast.gateway.connection.ConnectionRegistry;
import dev.guildcast.gateway.handshake.ClientMessageHandler;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/// What all connections of the frame layer share.
///
/// - **Owner:** none: immutable but for the flushers, of which each event loop has one.
final class FrameLayer {
    private final ClientMessageHandler messageHandler;
    private final ConnectionRegistry connections;
    private final ConnectionFactory connectionFactory;
    private final Duration closeTimeout;
    private final int messageBytesMax;
    private final ConcurrentMap<EventLoop, LoopFlusher> flushers = new ConcurrentHashMap<>();

    /// @param messageBytesMax longest message that is read
    FrameLayer(
            ClientMessageHandler messageHandler,
            ConnectionRegistry connections,
            ConnectionFactory connectionFactory,
            Duration closeTimeout,
            int messageBytesMax) {
        this.messageHandler = messageHandler;
        this.connections = connections;
        this.connectionFactory = connectionFactory;
        this.closeTimeout = closeTimeout;
        this.messageBytesMax = messageBytesMax;
    }

    ClientMessageHandler messageHandler() {
        return messageHandler;
    }

    ConnectionRegistry connections() {
        return connections;
    }

    ConnectionFactory connectionFactory() {
        return connectionFactory;
    }

    Duration closeTimeout() {
        return closeTimeout;
    }

    int messageBytesMax() {
        return messageBytesMax;
    }

    LoopFlusher flusher(EventLoop eventLoop) {
        return flushers.computeIfAbsent(eventLoop, it -> new LoopFlusher(it, System::nanoTime));
    }
}
