package dev.guildcast.suite.forward;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Listens on one port and distributes connections over the ready servers, round robin.
///
/// The end of either side is forwarded in kind: a close as a close, a reset as a reset, so that a client sees what its
/// server did.
///
/// - **Owner:** the caller that opened it; [#close] may be called from any thread, once.
/// - **Bound:** `connectionsMax` connections, two threads and two buffers of 8 KB each; one more is reset at once.
/// - **Promise:** bytes keep their order; a slow reader slows down its own writer only.
public final class TcpForwarder implements AutoCloseable {
    /// Holds most events whole; every connection has two.
    private static final int BUFFER_BYTES = 8 * 1024;
    /// A loopback connect is immediate unless the server is frozen; then the next one is tried.
    private static final int CONNECT_TIMEOUT_MILLIS = 2_000;
    /// All clients of a killed gateway reconnect at once.
    private static final int BACKLOG = 1_024;

    private final ServerSocket server;
    private final Supplier<List<InetSocketAddress>> targets;
    private final int connectionsMax;
    private final AtomicInteger nextTarget = new AtomicInteger();
    private final Set<ForwardedConnection> connections = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    private TcpForwarder(ServerSocket server, Supplier<List<InetSocketAddress>> targets, int connectionsMax) {
        this.server = server;
        this.targets = targets;
        this.connectionsMax = connectionsMax;
    }

    /// @param port on the loopback address, 0 for a free one
    /// @param targets the servers that are ready at this moment; read for each connection
    /// @throws IOException if the port is taken
    public static TcpForwarder listen(int port, Supplier<List<InetSocketAddress>> targets, int connectionsMax)
            throws IOException {
        var server = new ServerSocket();
        try {
            server.setReuseAddress(true);
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
        } catch (IOException e) {
            server.close();
            throw e;
        }
        var forwarder = new TcpForwarder(server, targets, connectionsMax);
        Thread.ofVirtual().name("forward-" + server.getLocalPort()).start(forwarder::acceptAll);
        return forwarder;
    }

    public int port() {
        return server.getLocalPort();
    }

    /// The number of connections being forwarded at this moment.
    public int connectionCount() {
        return connections.size();
    }

    private void acceptAll() {
        while (!closed) {
            try {
                var client = server.accept();
                if (connections.size() >= connectionsMax) {
                    reset(client);
                } else {
                    var connection = new ForwardedConnection(client);
                    connections.add(connection);
                    Thread.ofVirtual().name("forward").start(() -> forward(connection));
                }
            } catch (IOException e) {
                if (!closed) {
                    Thread.onSpinWait(); // perhaps out of file descriptors: a later accept may succeed
                }
            }
        }
    }

    private void forward(ForwardedConnection connection) {
        try {
            var target = connectToTarget();
            if (target == null || !connection.attachTarget(target)) {
                return;
            }
            var backward = Thread.ofVirtual().name("forward-back").start(() -> copy(target, connection.client));
            copy(connection.client, target);
            backward.join();
            connection.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            connection.reset();
            connections.remove(connection);
        }
    }

    /// Connects to the next server, round robin; null if none accepts.
    private @Nullable Socket connectToTarget() {
        var servers = targets.get();
        int first = Math.floorMod(nextTarget.getAndIncrement(), Math.max(1, servers.size()));
        for (int i = 0; i < servers.size(); i++) {
            var socket = new Socket();
            try {
                socket.connect(servers.get((first + i) % servers.size()), CONNECT_TIMEOUT_MILLIS);
                return socket;
            } catch (IOException e) {
                reset(socket);
            }
        }
        return null;
    }

    private static void copy(Socket from, Socket to) {
        try {
            from.setTcpNoDelay(true);
            var in = from.getInputStream();
            var out = to.getOutputStream();
            var buffer = new byte[BUFFER_BYTES];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                out.write(buffer, 0, read);
            }
            to.shutdownOutput();
        } catch (IOException e) {
            reset(from);
            reset(to);
        }
    }

    /// Ends a socket with a reset; what it has not sent yet is lost.
    private static void reset(Socket socket) {
        try (socket) {
            socket.setSoLinger(true, 0);
        } catch (IOException e) {
            // It is closed already.
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            connections.forEach(ForwardedConnection::reset);
        }
    }

    /// A client's socket, and its server's once there is one.
    private final class ForwardedConnection {
        private final Socket client;
        private @Nullable Socket target;
        private boolean wasReset;

        ForwardedConnection(Socket client) {
            this.client = client;
        }

        /// @return false if the connection was reset meanwhile; then the target is reset, too
        synchronized boolean attachTarget(Socket socket) {
            if (wasReset) {
                TcpForwarder.reset(socket);
                return false;
            }
            target = socket;
            return true;
        }

        /// Closes both sockets after both directions have ended; without effect after a reset.
        synchronized void close() {
            try {
                client.close();
                if (target != null) {
                    target.close();
                }
            } catch (IOException e) {
                // Nothing is left to send.
            }
        }

        synchronized void reset() {
            wasReset = true;
            TcpForwarder.reset(client);
            if (target != null) {
                TcpForwarder.reset(target);
            }
        }
    }
}
