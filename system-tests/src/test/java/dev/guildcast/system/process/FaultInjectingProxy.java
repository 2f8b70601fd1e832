package dev.guildcast.system.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/// A proxy in front of the gateways that can cut connections as networks do.
///
/// - **Owner:** the suite; tests may call from any thread.
/// - **Bound:** two virtual threads and two buffers per connection; a test run has a few dozen.
/// - **Promise:** until a cut, bytes are forwarded unchanged; after it, none are.
final class FaultInjectingProxy implements AutoCloseable {
    /// The ways in which a connection is lost.
    enum ConnectionLoss {
        /// The stream ends in order, but without a close frame.
        FIN,
        /// The stream is reset.
        RST,
        /// Nothing is forwarded any more, and neither side notices.
        HALF_OPEN
    }

    private static final int BUFFER_BYTES = 8 * 1024;
    /// First byte of a close frame.
    private static final byte CLOSE_FRAME = (byte) 0x88;

    private final ServerSocket server;
    private final Supplier<InetSocketAddress> target;
    private final Set<ProxiedConnection> connections = ConcurrentHashMap.newKeySet();
    private boolean holdsNewConnections;
    private volatile boolean closed;

    private FaultInjectingProxy(ServerSocket server, Supplier<InetSocketAddress> target) {
        this.server = server;
        this.target = target;
    }

    /// @param target read for each connection
    static FaultInjectingProxy open(Supplier<InetSocketAddress> target) {
        try {
            var proxy = new FaultInjectingProxy(new ServerSocket(0, 128, InetAddress.getLoopbackAddress()), target);
            Thread.ofVirtual().name("door").start(proxy::acceptAll);
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    URI url() {
        return URI.create("ws://127.0.0.1:" + server.getLocalPort());
    }

    /// New connections are accepted but not forwarded from now on.
    synchronized void holdNewConnections() {
        holdsNewConnections = true;
    }

    /// Forwards the waiting connections and all new ones.
    synchronized void open() {
        holdsNewConnections = false;
        notifyAll();
    }

    /// Cuts every connection that exists at this moment.
    ///
    /// @return how many
    int cut(ConnectionLoss loss) {
        var all = Set.copyOf(connections);
        all.forEach(connection -> connection.cut(loss));
        return all.size();
    }

    private synchronized void awaitOpen() throws InterruptedException {
        while (holdsNewConnections && !closed) {
            wait();
        }
    }

    private void acceptAll() {
        while (!closed) {
            try {
                var client = server.accept();
                Thread.ofVirtual().name("door-passage").start(() -> proxy(client));
            } catch (IOException e) {
                if (!closed) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private void proxy(Socket client) {
        try (client) {
            awaitOpen();
            try (var gateway = new Socket()) {
                gateway.connect(target.get());
                var connection = new ProxiedConnection(client, gateway);
                connections.add(connection);
                try {
                    connection.run();
                } finally {
                    connections.remove(connection);
                }
            }
        } catch (IOException e) {
            // One side closed before the connection was established; closing it ends the other, too.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed = true;
        open();
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        connections.forEach(connection -> connection.cut(ConnectionLoss.RST));
    }

    private static final class ProxiedConnection {
        private final Socket client;
        private final Socket gateway;
        private volatile boolean isCut;

        ProxiedConnection(Socket client, Socket gateway) {
            this.client = client;
            this.gateway = gateway;
        }

        void run() throws InterruptedException {
            var back = Thread.ofVirtual().name("door-back").start(() -> copy(gateway, client, false));
            copy(client, gateway, true);
            back.join();
        }

        private void copy(Socket from, Socket to, boolean up) {
            try {
                from.setTcpNoDelay(true);
                var in = from.getInputStream();
                var out = to.getOutputStream();
                var buffer = new byte[BUFFER_BYTES];
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    // Bytes after a cut are read, so that their sender does not notice, and discarded.
                    if (!isCut) {
                        out.write(buffer, 0, read);
                    } else if (up && buffer[0] == CLOSE_FRAME) {
                        // The client has given up. Libraries differ in how long they wait for a response to their
                        // close frame (10 s, 30 s), which would only delay the test.
                        reset(from);
                    }
                }
                if (!isCut) {
                    to.shutdownOutput();
                }
            } catch (IOException e) {
                if (!isCut) {
                    reset(from);
                    reset(to);
                }
            }
        }

        void cut(ConnectionLoss loss) {
            isCut = true;
            switch (loss) {
                case FIN -> {
                    shutdownOutput(client);
                    shutdownOutput(gateway);
                }
                case RST -> {
                    reset(client);
                    reset(gateway);
                }
                case HALF_OPEN -> {}
            }
        }

        private static void shutdownOutput(Socket socket) {
            try {
                socket.shutdownOutput();
            } catch (IOException e) {
                // It is closed already.
            }
        }

        private static void reset(Socket socket) {
            try (socket) {
                socket.setSoLinger(true, 0);
            } catch (IOException e) {
                // It is closed already.
            }
        }
    }
}
