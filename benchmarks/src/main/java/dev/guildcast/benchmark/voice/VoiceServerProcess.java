package dev.guildcast.benchmark.voice;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The server in a JVM of its own, with this one's class path and the heap and collector that services have.
final class VoiceServerProcess implements AutoCloseable {
    /// A server that has not ended by then is killed.
    private static final long END_SECONDS = 10;

    private final Process process;
    private final BufferedWriter in;
    private final BufferedReader out;
    private final int port;

    /// @param kind `relay` or `bare`
    VoiceServerProcess(String kind, VoiceScenario scenario) throws IOException {
        var command = new ArrayList<>(List.of(
                System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
                "-XX:+UseSerialGC",
                "-XX:+UseCompactObjectHeaders",
                "-Xmx256m",
                "-Xmn128m",
                "-Dlogback.configurationFile=dev/guildcast/benchmark/logback-benchmark.xml",
                "-cp",
                System.getProperty("java.class.path"),
                VoiceRelayServer.class.getName(),
                kind));
        command.addAll(scenario.arguments());
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        in = process.outputWriter(StandardCharsets.UTF_8);
        out = process.inputReader(StandardCharsets.UTF_8);
        port = Integer.parseInt(answer());
    }

    int port() {
        return port;
    }

    ServerUsage usage() throws IOException {
        in.write('\n');
        in.flush();
        return ServerUsage.of(answer());
    }

    @Override
    public void close() throws IOException, InterruptedException {
        in.close();
        if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }

    private String answer() throws IOException {
        String line = out.readLine();
        if (line == null) {
            throw new IOException("the server ended; what it printed stands above");
        }
        return line;
    }
}
