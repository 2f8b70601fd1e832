package dev.guildcast.brokers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.guildcast.brokers.Brokers.Place;
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
    void takesContainersWhereAnEngineAnswersOnItsSocket() throws IOException {
        try (var docker = StubDocker.listenAt(socket(), request -> StubDocker.response(200, "OK"))) {
            assertThat(Brokers.choose(null, engineAt(socket()))).isEqualTo(Place.CONTAINERS);
            assertThat(Brokers.choose("auto", engineAt(socket()))).isEqualTo(Place.CONTAINERS);
            assertThat(docker.requests()).containsOnly("GET /_ping HTTP/1.1");
        }
    }

    @Test
    void findsTheEngineThatDockerHostNames() throws IOException {
        try (var docker = StubDocker.listenAt(socket(), request -> StubDocker.response(200, "OK"))) {
            var engine = DockerEngine.of(Map.of("DOCKER_HOST", "unix://" + socket()), folder);
            assertThat(Brokers.choose(null, engine)).isEqualTo(Place.CONTAINERS);
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
            assertThat(DockerEngine.of(Map.of("DOCKER_HOST", host), folder).answers())
                    .isTrue();
        } finally {
            server.stop(0);
        }
        assertThat(DockerEngine.of(Map.of("DOCKER_HOST", "tcp://127.0.0.1:" + FreePort.find()), folder)
                        .answers())
                .isFalse();
    }

    @Test
    void staysEmbeddedWithoutASocketFile() {
        assertThat(Brokers.choose(null, engineAt(folder.resolve("none.sock")))).isEqualTo(Place.EMBEDDED);
    }

    @Test
    void staysEmbeddedWhereTheSocketFileIsLeftOver() throws IOException {
        StubDocker.listenAt(socket(), request -> "").close();
        assertThat(socket()).exists();
        assertThat(Brokers.choose(null, engineAt(socket()))).isEqualTo(Place.EMBEDDED);
        Files.delete(socket());
        Files.createFile(socket());
        assertThat(Brokers.choose(null, engineAt(socket()))).isEqualTo(Place.EMBEDDED);
    }

    @Test
    void staysEmbeddedWhereTheEngineRefuses() throws IOException {
        try (var docker = StubDocker.listenAt(socket(), request -> StubDocker.response(500, "starting"))) {
            assertThat(Brokers.choose(null, engineAt(socket()))).isEqualTo(Place.EMBEDDED);
            assertThat(docker.requests()).hasSize(1);
        }
    }

    @Test
    void staysEmbeddedWhereTheEngineNeverAnswers() throws IOException {
        try (var docker = StubDocker.listenAt(socket(), request -> "")) {
            var engine = new DockerEngine(null, List.of(socket()), Duration.ofMillis(100));
            assertThat(Brokers.choose(null, engine)).isEqualTo(Place.EMBEDDED);
            assertThat(docker.requests()).hasSize(1);
        }
    }

    @Test
    void asksNoEngineWhenTheSettingSaysWhere() throws IOException {
        try (var docker = StubDocker.listenAt(socket(), request -> StubDocker.response(200, "OK"))) {
            assertThat(Brokers.choose("embedded", engineAt(socket()))).isEqualTo(Place.EMBEDDED);
            assertThat(Brokers.choose("Containers", engineAt(folder.resolve("none.sock"))))
                    .isEqualTo(Place.CONTAINERS);
            assertThat(docker.requests()).isEmpty();
        }
    }

    @Test
    void refusesASettingThatIsNoneOfTheThree() {
        assertThatThrownBy(() -> Brokers.choose("docker", engineAt(socket())))
                .hasMessage("guildcast.brokers 'docker' (expected: auto, embedded or containers)");
    }

    private Path socket() {
        return folder.resolve("docker.sock");
    }

    private static DockerEngine engineAt(Path file) {
        return new DockerEngine(null, List.of(file), Duration.ofSeconds(5));
    }
}
