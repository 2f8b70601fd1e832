package dev.guildcast.brokers;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Scanner;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/// A unix-domain socket that speaks just enough HTTP to respond to a ping.
final class StubDocker implements AutoCloseable {
    private final ServerSocketChannel server;
    private final Function<String, String> responses;
    private final List<String> requests = new CopyOnWriteArrayList<>();

    private StubDocker(ServerSocketChannel server, Function<String, String> responses) {
        this.server = server;
        this.responses = responses;
    }

    /// @param responses from a request line to a whole response; an empty one is never sent
    static StubDocker listenAt(Path file, Function<String, String> responses) throws IOException {
        var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(file));
        var stub = new StubDocker(server, responses);
        Thread.ofVirtual().start(stub::acceptAll);
        return stub;
    }

    static String response(int status, String body) {
        return "HTTP/1.1 " + status + " .\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    List<String> requests() {
        return List.copyOf(requests);
    }

    private void acceptAll() {
        try {
            while (true) {
                var client = server.accept();
                Thread.ofVirtual().start(() -> serve(client));
            }
        } catch (IOException e) {
            // Closed: the test is over.
        }
    }

    private void serve(SocketChannel client) {
        try {
            var lines = new Scanner(Channels.newInputStream(client), StandardCharsets.US_ASCII);
            var request = lines.nextLine();
            requests.add(request);
            var response = responses.apply(request);
            if (!response.isEmpty()) {
                client.write(ByteBuffer.wrap(response.getBytes(StandardCharsets.US_ASCII)));
                client.close();
            }
        } catch (IOException e) {
            // The client has disconnected, which some tests do on purpose.
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
