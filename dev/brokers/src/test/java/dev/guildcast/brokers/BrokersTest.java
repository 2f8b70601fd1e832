package dev.guildcast.brokers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.guildcast.brokers.Brokers.Mode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokersTest {
    @TempDir
    Path folder;

    @Test
    void usesContainersWhenAnEngineAnswersOnItsSocket() throws IOException {
        try (var docker = StubDocker.listenAt(socket(), request -> StubDocker.response(200, "OK"))) {
            assertThat(Brokers.chooseMode(null, engineAt(socket()))).isEqualTo(Mode.CONTAINERS);
            assertThat(Brokers.chooseMode("auto", engineAt(socket()))).isEqualTo(Mode.CONTAINERS);
            assertThat(docker.requests()).containsOnly("GET /_ping HTTP/1.1");
        }
    }

    @Test
    void findsTheEngineThatDockerHostNames() throws IOException {
        try (var docker = StubDocker.listenAt(socket(), request -> StubDocker.response(200, "OK"))) {
            var engine = DockerEngine.of(Map.of("DOCKER_HOST", "unix://" + socket()), folder);
            assertThat(Brokers.chooseMode(null, engine)).isEqualTo(Mode.CONTAINERS);
            assertThat(docker.requests()).hasSize(1);
        }
    }

    @Test
    void findsAnEngineThatListensOnTcp() throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
        server.createContext("/_ping", exchange -> {
            exchange.sendResponseHeaders(200, 2);
            exchange.getResponseBody().write(new byte[] {'O', 'K'});
            exchange.close();
        });
        server.start();
        try {
            var host = "tcp://127.0.0.1:" + server.getAddress().getPort();
            assertThat(DockerEngine.of(Map.of("DOCKER_HOST", host), folder).isReachable())
                    .isTrue();
        } finally {
            server.stop(0);
        }
        assertThat(DockerEngine.of(Map.of("DOCKER_HOST", "tcp://127.0.0.1:" + FreePort.find()), folder)
                        .isReachable())
                .isFalse();
    }

    @Test
    void staysEmbeddedWithoutASocketFile() {
        assertThat(Brokers.chooseMode(null, engineAt(folder.resolve("none.sock"))))
                .isEqualTo(Mode.EMBEDDED);
    }

    @Test
    void staysEmbeddedWhenTheSocketFileIsStale() throws IOException {
        StubDocker.listenAt(socket(), request -> "").close();
        assertThat(socket()).exists();
        assertThat(Brokers.chooseMode(null, engineAt(socket()))).isEqualTo(Mode.EMBEDDED);
        Files.delete(socket());
        Files.createFile(socket());
        assertThat(Brokers.chooseMode(null, engineAt(socket()))).isEqualTo(Mode.EMBEDDED);
    }

    @Test
    void staysEmbeddedWhenTheEngineRejectsThePing() throws IOException {
        try (var docker = StubDocker.listenAt(socket(), request -> StubDocker.response(500, "starting"))) {
            assertThat(Brokers.chooseMode(null, engineAt(socket()))).isEqualTo(Mode.EMBEDDED);
            assertThat(docker.requests()).hasSize(1);
        }
    }

    @Test
    void staysEmbeddedWhenTheEngineNeverResponds() throws IOException {
        try (var docker = StubDocker.listenAt(socket(), request -> "")) {
            var engine = new DockerEngine(null, List.of(socket()), Duration.ofMillis(100));
            assertThat(Brokers.chooseMode(null, engine)).isEqualTo(Mode.EMBEDDED);
            assertThat(docker.requests()).hasSize(1);
        }
    }

    @Test
    void pingsNoEngineWhenTheModeIsSet() throws IOException {
        try (var docker = StubDocker.listenAt(socket(), request -> StubDocker.response(200, "OK"))) {
            assertThat(Brokers.chooseMode("embedded", engineAt(socket()))).isEqualTo(Mode.EMBEDDED);
            assertThat(Brokers.chooseMode("Containers", engineAt(folder.resolve("none.sock"))))
                    .isEqualTo(Mode.CONTAINERS);
            assertThat(docker.requests()).isEmpty();
        }
    }

    @Test
    void rejectsAnUnknownMode() {
        assertThatThrownBy(() -> Brokers.chooseMode("docker", engineAt(socket())))
                .hasMessage("guildcast.brokers 'docker' (expected: auto, embedded or containers)");
    }

    private Path socket() {
        return folder.resolve("docker.sock");
    }

    private static DockerEngine engineAt(Path file) {
        return new DockerEngine(null, List.of(file), Duration.ofSeconds(5));
    }
}
