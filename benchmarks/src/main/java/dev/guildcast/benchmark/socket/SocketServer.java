package dev.guildcast.benchmark.socket;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/// A server process: a gateway, or the loop in C.
final class SocketServer implements AutoCloseable {
    private static final long END_SECONDS = 10;

    private final Process process;
    private final BufferedWriter in;
    private final BufferedReader out;
    private final int port;

    private SocketServer(List<String> command) throws IOException {
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        in = process.outputWriter(StandardCharsets.US_ASCII);
        out = process.inputReader(StandardCharsets.US_ASCII);
        port = Integer.parseInt(readLine());
    }

    static SocketServer gateway(String layer, boolean compressed, Path tokens) throws IOException {
        return new SocketServer(List.of(
                System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
                "-XX:+UseSerialGC",
                "-XX:+UseCompactObjectHeaders",
                "-Xmx512m",
                "-Xmn160m",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                GatewayServer.class.getName(),
                layer,
                Boolean.toString(compressed),
                tokens.toString()));
    }

    /// @throws IOException if there is no C compiler
    static SocketServer floor(Path directory, int clients, int frameBytes) throws IOException, InterruptedException {
        var source = directory.resolve("floor.c");
        var binary = directory.resolve("floor");
        try (var code = Objects.requireNonNull(SocketServer.class.getResourceAsStream("floor.c"))) {
            Files.write(source, code.readAllBytes());
        }
        var compiler = new ProcessBuilder("cc", "-O2", "-o", binary.toString(), source.toString())
                .inheritIO()
                .start();
        if (compiler.waitFor() != 0) {
            throw new IOException("the C compiler failed");
        }
        return new SocketServer(List.of(binary.toString(), Integer.toString(clients), Integer.toString(frameBytes)));
    }

    int port() {
        return port;
    }

    /// Sends so many events to each client; returns when they are queued.
    ///
    /// @return the bytes that each client receives
    long send(int events) throws IOException {
        return Long.parseLong(request(Integer.toString(events)));
    }

    long liveHeapBytes() throws IOException {
        return Long.parseLong(request("heap"));
    }

    /// CPU time since its start, in steps of 10 ms.
    Duration cpuTime() {
        return process.toHandle().info().totalCpuDuration().orElseThrow();
    }

    private String request(String line) throws IOException {
        in.write(line);
        in.newLine();
        in.flush();
        return readLine();
    }

    private String readLine() throws IOException {
        var line = out.readLine();
        if (line == null) {
            throw new IOException("the server ended; what it printed stands above");
        }
        return line;
    }

    @Override
    public void close() throws IOException, InterruptedException {
        in.close();
        if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }
}
