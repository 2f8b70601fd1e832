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

/// Checks for a running Docker engine without loading a Docker client: on a machine without one the check takes
/// milliseconds.
final class DockerEngine {
    /// A running engine responds within milliseconds; an abandoned socket would block for ever.
    private static final Duration RESPONSE_TIMEOUT = Duration.ofSeconds(2);
    /// Only the status line matters; the whole response is a few hundred bytes.
    private static final int RESPONSE_BYTES_MAX = 4096;
    private static final byte[] PING =
            "GET /_ping HTTP/1.1\r\nHost: docker\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final @Nullable String dockerHost;
    private final List<Path> socketFiles;
    private final Duration responseTimeout;

    /// @param dockerHost the value of DOCKER_HOST, such as `unix:///run/docker.sock` or `tcp://10.0.0.2:2375`
    /// @param socketFiles where an engine may listen when DOCKER_HOST is not set
    DockerEngine(@Nullable String dockerHost, List<Path> socketFiles, Duration responseTimeout) {
        this.dockerHost = dockerHost;
        this.socketFiles = List.copyOf(socketFiles);
        this.responseTimeout = responseTimeout;
    }

    static DockerEngine ofThisMachine() {
        return of(System.getenv(), Path.of(System.getProperty("user.home")));
    }

    static DockerEngine of(Map<String, String> environment, Path home) {
        var runtime = environment.get("XDG_RUNTIME_DIR");
        var rootless = runtime == null ? home.resolve(".docker/run/docker.sock") : Path.of(runtime, "docker.sock");
        var files = List.of(Path.of("/var/run/docker.sock"), rootless, home.resolve(".docker/run/docker.sock"));
        var host = environment.get("DOCKER_HOST");
        return new DockerEngine(host == null || host.isBlank() ? null : host, files, RESPONSE_TIMEOUT);
    }

    boolean isReachable() {
        if (dockerHost == null) {
            return socketFiles.stream().distinct().filter(Files::exists).anyMatch(this::isReachableAt);
        }
        var host = URI.create(dockerHost);
        if ("unix".equals(host.getScheme())) {
            var file = Path.of(host.getPath());
            return Files.exists(file) && isReachableAt(file);
        }
        if ("tcp".equals(host.getScheme()) || "http".equals(host.getScheme())) {
            return succeedsInTime(() -> pingOverTcp(host));
        }
        return false; // ssh and npipe are not probed: set `containers` explicitly
    }

    private boolean isReachableAt(Path file) {
        return succeedsInTime(() -> pingOverUnix(file));
    }

    private interface Ping {
        boolean send() throws IOException;
    }

    /// A unix-domain channel has no timeout, so the ping runs on a daemon thread that is abandoned without a response.
    private boolean succeedsInTime(Ping ping) {
        var response = new CompletableFuture<Boolean>();
        var pinger = Thread.ofPlatform().daemon().name("docker-ping").start(() -> {
            try {
                response.complete(ping.send());
            } catch (IOException | RuntimeException e) {
                response.complete(false);
            }
        });
        try {
            return response.get(responseTimeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            pinger.interrupt(); // closes the channel
            return false;
        } catch (InterruptedException e) {
            pinger.interrupt();
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
            var response = ByteBuffer.allocate(RESPONSE_BYTES_MAX);
            while (response.hasRemaining() && channel.read(response) >= 0) {
                if (isOk(response.array(), response.position())) {
                    return true;
                }
            }
            return false;
        }
    }

    private boolean pingOverTcp(URI host) throws IOException {
        try (var socket = new Socket()) {
            int timeout = (int) responseTimeout.toMillis();
            socket.connect(new InetSocketAddress(host.getHost(), host.getPort() < 0 ? 2375 : host.getPort()), timeout);
            socket.setSoTimeout(timeout);
            socket.getOutputStream().write(PING);
            return isOk(socket.getInputStream());
        }
    }

    private static boolean isOk(InputStream in) throws IOException {
        var response = in.readNBytes(RESPONSE_BYTES_MAX);
        return isOk(response, response.length);
    }

    private static boolean isOk(byte[] response, int length) {
        return new String(response, 0, length, StandardCharsets.US_ASCII).startsWith("HTTP/1.1 200");
    }
}
