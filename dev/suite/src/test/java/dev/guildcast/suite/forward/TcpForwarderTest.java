package dev.guildcast.suite.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TcpForwarderTest {
    @Test
    void distributesConnectionsRoundRobin() throws IOException {
        try (var a = server();
                var b = server();
                var forwarder = TcpForwarder.listen(0, () -> List.of(address(a), address(b)), 10);
                var first = client(forwarder);
                var second = client(forwarder);
                var third = client(forwarder)) {
            assertThat(List.of(first, second, third)).allMatch(Socket::isConnected);
            a.accept().close();
            b.accept().close();
            a.accept().close();
        }
    }

    @Test
    void triesTheNextServerWhenOneRefuses() throws IOException {
        var dead = server();
        dead.close();
        try (var alive = server();
                var forwarder = TcpForwarder.listen(0, () -> List.of(address(dead), address(alive)), 10);
                var client = client(forwarder);
                var accepted = alive.accept()) {
            accepted.getOutputStream().write(7);
            assertThat(client.getInputStream().read()).isEqualTo(7);
        }
    }

    @Test
    void forwardsBytesAndHalfClosesBothWays() throws IOException {
        long seed = new Random().nextLong();
        var sent = new byte[1 << 20];
        new Random(seed).nextBytes(sent);
        try (var server = server();
                var forwarder = TcpForwarder.listen(0, () -> List.of(address(server)), 10);
                var client = client(forwarder);
                var accepted = server.accept()) {
            var echo = Thread.ofVirtual().start(() -> {
                try {
                    accepted.getInputStream().transferTo(accepted.getOutputStream());
                    accepted.shutdownOutput();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            var writer = Thread.ofVirtual().start(() -> {
                try {
                    client.getOutputStream().write(sent);
                    client.shutdownOutput();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            assertThat(client.getInputStream().readAllBytes())
                    .as("seed " + seed)
                    .isEqualTo(sent);
            await().until(() -> !echo.isAlive() && !writer.isAlive());
            await().until(() -> forwarder.connectionCount() == 0);
        }
    }

    @Test
    void forwardsAReset() throws IOException {
        try (var server = server();
                var forwarder = TcpForwarder.listen(0, () -> List.of(address(server)), 10);
                var client = client(forwarder)) {
            var accepted = server.accept();
            accepted.setSoLinger(true, 0);
            accepted.close();
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void resetsAConnectionWhenNoServerIsReady() throws IOException {
        try (var forwarder = TcpForwarder.listen(0, List::of, 10);
                var client = client(forwarder)) {
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void rejectsMoreConnectionsThanItsBound() throws IOException {
        try (var server = server();
                var forwarder = TcpForwarder.listen(0, () -> List.of(address(server)), 1);
                var first = client(forwarder);
                var accepted = server.accept();
                var second = client(forwarder)) {
            assertThatThrownBy(() -> second.getInputStream().read()).isInstanceOf(SocketException.class);
            first.getOutputStream().write(1);
            assertThat(accepted.getInputStream().read()).isEqualTo(1);
        }
    }

    @Test
    void resetsItsConnectionsWhenItIsClosed() throws IOException {
        try (var server = server()) {
            var forwarder = TcpForwarder.listen(0, () -> List.of(address(server)), 10);
            try (var client = client(forwarder);
                    var accepted = server.accept()) {
                forwarder.close();
                assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
                assertThatThrownBy(() -> accepted.getInputStream().read()).isInstanceOf(SocketException.class);
            }
        }
    }

    private static ServerSocket server() throws IOException {
        var server = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
        server.setSoTimeout(10_000);
        return server;
    }

    private static InetSocketAddress address(ServerSocket server) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getLocalPort());
    }

    private static Socket client(TcpForwarder forwarder) throws IOException {
        var client = new Socket(InetAddress.getLoopbackAddress(), forwarder.port());
        client.setSoTimeout(10_000);
        return client;
    }
}
