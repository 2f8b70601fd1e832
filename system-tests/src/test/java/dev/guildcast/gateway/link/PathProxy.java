package dev.guildcast.gateway.link;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A path between a gateway and a session host that can swallow what it is given, in both directions or in one, while
/// all connections stay open: neither side is told anything.
///
/// - **Bound:** two virtual threads and two buffers per connection; what is swallowed stays in the sockets' buffers.
/// - **Promise:** until it swallows, and after it does no more, bytes are forwarded unchanged and in order.
final class PathProxy implements AutoCloseable {
    enum Direction {
        TO_HOST,
        TO_GATEWAY
    }

    private static final int BUFFER_BYTES = 16 * 1024;

    private final ServerSocketChannel server;
    private final InetSocketAddress host;
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final Set<Direction> swallowed = EnumSet.noneOf(Direction.class);
    private volatile int accepted;
    private volatile boolean closed;

    PathProxy(InetSocketAddress host) throws IOException {
        this.host = host;
        this.server = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        Thread.ofVirtual().name("path").start(this::acceptAll);
    }

    String address() throws IOException {
        return "127.0.0.1:" + ((InetSocketAddress) server.getLocalAddress()).getPort();
    }

    /// Connections that were opened so far.
    int accepted() {
        return accepted;
    }

    /// Swallows everything in these directions, on all connections that are open or will be.
    synchronized void swallow(Set<Direction> directions) {
        swallowed.addAll(directions);
    }

    /// As [#swallow], on the connections that are open now only.
    synchronized void swallowOnOpenConnections(Set<Direction> directions) {
        connections.forEach(connection -> connection.swallowed.addAll(directions));
    }

    /// Forwards again, beginning with what the sockets have kept.
    synchronized void heal() {
        swallowed.clear();
        connections.forEach(connection -> connection.swallowed.clear());
        notifyAll();
    }

    private void acceptAll() {
        while (!closed) {
            try {
                var gateway = server.accept();
                accepted++;
                Thread.ofVirtual().name("path-open").start(() -> open(gateway));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void open(SocketChannel gateway) {
        try (gateway;
                var target = SocketChannel.open()) {
            var connection = new Connection(gateway, target);
            // A connection that cannot reach the host does not end: its packets are swallowed like all others.
            connection.awaitForwarding(Direction.TO_HOST);
            connection.awaitForwarding(Direction.TO_GATEWAY);
            target.connect(host);
            connections.add(connection);
            var back = Thread.ofVirtual()
                    .name("path-back")
                    .start(() -> connection.copy(target, gateway, Direction.TO_GATEWAY));
            connection.copy(gateway, target, Direction.TO_HOST);
            back.join();
            connections.remove(connection);
        } catch (IOException e) {
            // One side closed before the connection was established; closing it ends the other, too.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        server.close();
        heal();
        for (var connection : connections) {
            connection.close();
        }
    }

    private final class Connection {
        private final SocketChannel gateway;
        private final SocketChannel target;
        private final Set<Direction> swallowed = EnumSet.noneOf(Direction.class);

        Connection(SocketChannel gateway, SocketChannel target) {
            this.gateway = gateway;
            this.target = target;
        }

        void awaitForwarding(Direction direction) throws InterruptedException {
            synchronized (PathProxy.this) {
                while (!closed && (swallowed.contains(direction) || PathProxy.this.swallowed.contains(direction))) {
                    PathProxy.this.wait();
                }
            }
        }

        /// Also the end of a connection is swallowed: it is forwarded after the bytes before it.
        void copy(SocketChannel from, SocketChannel to, Direction direction) {
            var buffer = ByteBuffer.allocate(BUFFER_BYTES);
            try {
                int read;
                do {
                    read = from.read(buffer);
                    awaitForwarding(direction);
                    buffer.flip();
                    while (buffer.hasRemaining()) {
                        to.write(buffer);
                    }
                    buffer.clear();
                } while (read >= 0);
                to.shutdownOutput();
            } catch (IOException e) {
                close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        void close() {
            try (gateway;
                    target) {
                // Both end.
            } catch (IOException e) {
                // They are closed already.
            }
        }
    }
}
