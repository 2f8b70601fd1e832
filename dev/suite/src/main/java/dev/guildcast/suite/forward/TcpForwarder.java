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

/// Listens on one port and spreads connections over the servers that live, in turn.
///
/// An end of either side is passed on as what it was: a close as a close, a break as a break, so that a client sees
/// what its server did.
///
/// - **Owner:** whoever opened it; [#close] may be called from any thread, once.
/// - **Bound:** `connectionsMax` connections, two threads and two buffers of 8 KB each; one more is closed at once.
/// - **Promise:** bytes come out in the order in which they went in; a slow reader slows its own writer only.
public final class TcpForwarder implements AutoCloseable {
    private static final int BUFFER_BYTES = 8 * 1024;
    private static final int CONNECT_TIMEOUT_MILLIS = 2_000;
    private static final int BACKLOG = 1_024;

    private final ServerSocket server;
    private final Supplier<List<InetSocketAddress>> targets;
    private final int connectionsMax;
    private final AtomicInteger turn = new AtomicInteger();
    private final Set<Pair> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    private TcpForwarder(ServerSocket server, Supplier<List<InetSocketAddress>> targets, int connectionsMax) {
        this.server = server;
        this.targets = targets;
        this.connectionsMax = connectionsMax;
    }

    /// @param port on the loopback address, 0 for a free one
    /// @param targets the servers that live at this moment; asked for each connection
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

    /// How many connections pass through at this moment.
    public int connections() {
        return open.size();
    }

    private void acceptAll() {
        while (!closed) {
            try {
                var client = server.accept();
                if (open.size() >= connectionsMax) {
                    breakOff(client);
                } else {
                    var pair = new Pair(client);
                    open.add(pair);
                    Thread.ofVirtual().name("forward").start(() -> serve(pair));
                }
            } catch (IOException e) {
                if (!closed) {
                    Thread.onSpinWait(); // out of descriptors, perhaps: the next one may be accepted again
                }
            }
        }
    }

    private void serve(Pair pair) {
        try {
            var target = connect();
            if (target == null || !pair.join(target)) {
                return;
            }
            var back = Thread.ofVirtual().name("forward-back").start(() -> copy(target, pair.client));
            copy(pair.client, target);
            back.join();
            pair.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            pair.breakOff();
            open.remove(pair);
        }
    }

    /// The next server in turn that takes the connection, null if none does.
    private @Nullable Socket connect() {
        var living = targets.get();
        int first = Math.floorMod(turn.getAndIncrement(), Math.max(1, living.size()));
        for (int i = 0; i < living.size(); i++) {
            var socket = new Socket();
            try {
                socket.connect(living.get((first + i) % living.size()), CONNECT_TIMEOUT_MILLIS);
                return socket;
            } catch (IOException e) {
                breakOff(socket);
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
            breakOff(from);
            breakOff(to);
        }
    }

    /// Ends a socket with a reset; what it has not sent yet is lost.
    private static void breakOff(Socket socket) {
        try (socket) {
            socket.setSoLinger(true, 0);
        } catch (IOException e) {
            // It is closed, which is what was wanted.
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
            open.forEach(Pair::breakOff);
        }
    }

    /// A client's socket, and its server's once there is one.
    private final class Pair {
        private final Socket client;
        private @Nullable Socket target;
        private boolean broken;

        Pair(Socket client) {
            this.client = client;
        }

        /// @return false if the pair was broken off meanwhile; then the target is, too
        synchronized boolean join(Socket socket) {
            if (broken) {
                TcpForwarder.breakOff(socket);
                return false;
            }
            target = socket;
            return true;
        }

        /// After the end of both ways; without effect on what was broken off.
        synchronized void close() {
            try {
                client.close();
                if (target != null) {
                    target.close();
                }
            } catch (IOException e) {
                // Nothing is left to be sent.
            }
        }

        synchronized void breakOff() {
            broken = true;
            TcpForwarder.breakOff(client);
            if (target != null) {
                TcpForwarder.breakOff(target);
            }
        }
    }
}
