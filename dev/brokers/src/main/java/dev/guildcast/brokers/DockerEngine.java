package dev.guildcast.brokers;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Asks whether a Docker engine answers, without loading a Docker client: a machine without one is told in
/// milliseconds.
final class DockerEngine {
    private static final Duration ANSWER_MAX = Duration.ofSeconds(2);
    private static final int ANSWER_BYTES_MAX = 4096;
    private static final byte[] PING =
            "GET /_ping HTTP/1.1\r\nHost: docker\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final @Nullable String dockerHost;
    private final List<Path> socketFiles;
    private final Duration answerMax;

    /// @param dockerHost the value of DOCKER_HOST, such as `unix:///run/docker.sock` or `tcp://10.0.0.2:2375`
    /// @param socketFiles where an engine may listen when DOCKER_HOST is not set
    DockerEngine(@Nullable String dockerHost, List<Path> socketFiles, Duration answerMax) {
        this.dockerHost = dockerHost;
        this.socketFiles = List.copyOf(socketFiles);
        this.answerMax = answerMax;
    }

    static DockerEngine ofThisMachine() {
        return of(System.getenv(), Path.of(System.getProperty("user.home")));
    }

    static DockerEngine of(Map<String, String> environment, Path home) {
        var runtime = environment.get("XDG_RUNTIME_DIR");
        var rootless = runtime == null ? home.resolve(".docker/run/docker.sock") : Path.of(runtime, "docker.sock");
        var files = List.of(Path.of("/var/run/docker.sock"), rootless, home.resolve(".docker/run/docker.sock"));
        var host = environment.get("DOCKER_HOST");
        return new DockerEngine(host == null || host.isBlank() ? null : host, files, ANSWER_MAX);
    }

    boolean answers() {
        if (dockerHost == null) {
            return socketFiles.stream().distinct().filter(Files::exists).anyMatch(this::answersAt);
        }
        var host = URI.create(dockerHost);
        if ("unix".equals(host.getScheme())) {
            var file = Path.of(host.getPath());
            return Files.exists(file) && answersAt(file);
        }
        if ("tcp".equals(host.getScheme()) || "http".equals(host.getScheme())) {
            return inTime(() -> pingOverTcp(host));
        }
        return false; // ssh and npipe: whoever has one names `containers` himself
    }

    private boolean answersAt(Path file) {
        return inTime(() -> pingOverUnix(file));
    }

    private interface Ping {
        boolean send() throws IOException;
    }

    /// A unix-domain channel knows no timeout, so the ping has a thread that is left behind if nobody answers.
    private boolean inTime(Ping ping) {
        var answer = new CompletableFuture<Boolean>();
        var asking = Thread.ofPlatform().daemon().name("docker-ping").start(() -> {
            try {
                answer.complete(ping.send());
            } catch (IOException | RuntimeException e) {
                answer.complete(false);
            }
        });
        try {
            return answer.get(answerMax.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            asking.interrupt(); // closes the channel
            return false;
        } catch (InterruptedException e) {
            asking.interrupt();
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static boolean pingOverUnix(Path file) throws IOException {
        try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(file));
            for (var request = ByteBuffer.wrap(PING); request.hasRemaining(); ) {
                channel.write(request);
            }
            var answer = ByteBuffer.allocate(ANSWER_BYTES_MAX);
            while (answer.hasRemaining() && channel.read(answer) >= 0) {
                if (isOk(answer.array(), answer.position())) {
                    return true;
                }
            }
            return false;
        }
    }

    private boolean pingOverTcp(URI host) throws IOException {
        try (var socket = new Socket()) {
            int timeout = (int) answerMax.toMillis();
            socket.connect(new InetSocketAddress(host.getHost(), host.getPort() < 0 ? 2375 : host.getPort()), timeout);
            socket.setSoTimeout(timeout);
            socket.getOutputStream().write(PING);
            return isOk(socket.getInputStream());
        }
    }

    private static boolean isOk(InputStream in) throws IOException {
        var answer = in.readNBytes(ANSWER_BYTES_MAX);
        return isOk(answer, answer.length);
    }

    private static boolean isOk(byte[] answer, int length) {
        return new String(answer, 0, length, StandardCharsets.US_ASCII).startsWith("HTTP/1.1 200");
    }
}
