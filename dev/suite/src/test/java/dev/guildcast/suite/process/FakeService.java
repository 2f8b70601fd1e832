package dev.guildcast.suite.process;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;

/// A test service: serves its health on a port, and is healthy while a file exists.
public final class FakeService {
    private FakeService() {}

    /// @param args the port, and the file
    public static AutoCloseable start(String... args) throws IOException {
        var server = HttpServer.create(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0])), 8);
        var healthy = Path.of(args[1]);
        server.createContext("/health", exchange -> {
            exchange.sendResponseHeaders(Files.exists(healthy) ? 200 : 503, -1);
            exchange.close();
        });
        server.start();
        System.out.println("fake service serves");
        return () -> {
            System.out.println("fake service is closed in order");
            server.stop(0);
        };
    }
}
