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

/// A port that passes connections on to the gateways, and can cut them as networks do.
///
/// - **Owner:** the suite; tests may call from any thread.
/// - **Bound:** two virtual threads and two buffers a connection; a test run has a few dozen.
/// - **Promise:** until a cut, bytes come out as they went in; after it, none does.
final class CutDoor implements AutoCloseable {
    /// The ways in which a connection is lost.
    enum Cut {
        /// The stream ends in order, but without a close frame.
        FIN,
        /// The stream breaks.
        RST,
        /// Nothing passes any more, and neither side is told.
        HALF_OPEN
    }

    private static final int BUFFER_BYTES = 8 * 1024;
    /// First byte of a close frame.
    private static final byte CLOSE_FRAME = (byte) 0x88;

    private final ServerSocket server;
    private final Supplier<InetSocketAddress> target;
    private final Set<Passage> passages = ConcurrentHashMap.newKeySet();
    private boolean shut;
    private volatile boolean closed;

    private CutDoor(ServerSocket server, Supplier<InetSocketAddress> target) {
        this.server = server;
        this.target = target;
    }

    /// @param target asked for each connection
    static CutDoor open(Supplier<InetSocketAddress> target) {
        try {
            var door = new CutDoor(new ServerSocket(0, 128, InetAddress.getLoopbackAddress()), target);
            Thread.ofVirtual().name("door").start(door::acceptAll);
            return door;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    URI url() {
        return URI.create("ws://127.0.0.1:" + server.getLocalPort());
    }

    /// Connections from now on wait, without an answer.
    synchronized void shut() {
        shut = true;
    }

    /// They wait no longer.
    synchronized void open() {
        shut = false;
        notifyAll();
    }

    /// Cuts every connection there is at this moment.
    ///
    /// @return how many
    int cut(Cut how) {
        var all = Set.copyOf(passages);
        all.forEach(passage -> passage.cut(how));
        return all.size();
    }

    private synchronized void awaitOpen() throws InterruptedException {
        while (shut && !closed) {
            wait();
        }
    }

    private void acceptAll() {
        while (!closed) {
            try {
                var client = server.accept();
                Thread.ofVirtual().name("door-passage").start(() -> pass(client));
            } catch (IOException e) {
                if (!closed) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private void pass(Socket client) {
        try (client) {
            awaitOpen();
            try (var gateway = new Socket()) {
                gateway.connect(target.get());
                var passage = new Passage(client, gateway);
                passages.add(passage);
                try {
                    passage.run();
                } finally {
                    passages.remove(passage);
                }
            }
        } catch (IOException e) {
            // One side went away before there was a connection: the other sees that, too.
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
        passages.forEach(passage -> passage.cut(Cut.RST));
    }

    private static final class Passage {
        private final Socket client;
        private final Socket gateway;
        private volatile boolean cut;

        Passage(Socket client, Socket gateway) {
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
                    // What comes after a cut is read, so that its sender does not notice, and thrown away.
                    if (!cut) {
                        out.write(buffer, 0, read);
                    } else if (up && buffer[0] == CLOSE_FRAME) {
                        // The client has given up. For how long libraries wait for an answer to their close frame is
                        // their own affair: 10 s, 30 s.
                        reset(from);
                    }
                }
                if (!cut) {
                    to.shutdownOutput();
                }
            } catch (IOException e) {
                if (!cut) {
                    reset(from);
                    reset(to);
                }
            }
        }

        void cut(Cut how) {
            cut = true;
            switch (how) {
                case FIN -> {
                    end(client);
                    end(gateway);
                }
                case RST -> {
                    reset(client);
                    reset(gateway);
                }
                case HALF_OPEN -> {}
            }
        }

        private static void end(Socket socket) {
            try {
                socket.shutdownOutput();
            } catch (IOException e) {
                // It is gone already.
            }
        }

        private static void reset(Socket socket) {
            try (socket) {
                socket.setSoLinger(true, 0);
            } catch (IOException e) {
                // It is gone already.
            }
        }
    }
}
