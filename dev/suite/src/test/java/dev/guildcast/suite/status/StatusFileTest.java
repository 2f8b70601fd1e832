package dev.guildcast.suite.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.suite.status.SuiteStatus.Instance;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatusFileTest {
    @TempDir
    Path home;

    @Test
    void isReadAsItWasWrittenByItsOwnerOnly() throws IOException {
        var status = status(ProcessHandle.current().pid());
        file().write(status);
        assertThat(file().read()).contains(status);
        var permissions = Files.getPosixFilePermissions(home.resolve("status.json"));
        assertThat(PosixFilePermissions.toString(permissions)).isEqualTo("rw-------");
        file().delete();
        assertThat(file().read()).isEmpty();
    }

    @Test
    void isAbsentWhenItsProcessIsGoneOrThePidWasReused() throws IOException {
        var ended = new ProcessBuilder("true").start();
        ended.onExit().join();
        file().write(status(ended.pid()));
        assertThat(file().read()).isEmpty();
        file().write(status(ProcessHandle.current().pid()));
        Files.setLastModifiedTime(home.resolve("status.json"), FileTime.from(Instant.EPOCH));
        assertThat(file().read()).isEmpty();
    }

    @Test
    void isPresentWhenTheClockWasSetBackWhileItsSuiteRuns() throws IOException {
        var status = status(ProcessHandle.current().pid());
        file().write(status);
        Files.setLastModifiedTime(home.resolve("status.json"), FileTime.from(Instant.EPOCH));
        try (var held = FileChannel.open(home.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            assertThat(held.tryLock()).isNotNull();
            assertThat(file().read()).contains(status);
        }
        assertThat(file().read()).isEmpty();
    }

    @Test
    void isAbsentWhenItCannotBeParsed() throws IOException {
        Files.writeString(home.resolve("status.json"), "{\"ready\":");
        assertThat(file().read()).isEmpty();
    }

    @Test
    void writesTheDocumentedJson() {
        assertThat(StatusFile.json(status(7)).replaceAll("\\s+", ""))
                .isEqualTo(
                        "{\"ready\":true,\"pid\":7,\"api\":\"http://127.0.0.1:8080/api\",\"gateway\":\"ws://127.0.0.1:8081\","
                                + "\"gateways\":[\"ws://127.0.0.1:8100\"],\"ingress\":\"http://127.0.0.1:8082/ingress/v1/events\","
                                + "\"ingress_grpc\":\"127.0.0.1:8083\",\"ingress_token\":\"secret\",\"services\":[{\"name\":\"gateway-service\","
                                + "\"index\":1,\"pid\":9,\"ports\":{\"http\":8100},\"state\":\"ready\",\"restarts\":0}]}");
    }

    private StatusFile file() {
        return new StatusFile(new SuiteFolder(home));
    }

    private static SuiteStatus status(long pid) {
        return new SuiteStatus(
                true,
                pid,
                "http://127.0.0.1:8080/api",
                "ws://127.0.0.1:8081",
                List.of("ws://127.0.0.1:8100"),
                "http://127.0.0.1:8082/ingress/v1/events",
                "127.0.0.1:8083",
                "secret",
                List.of(new Instance("gateway-service", 1, 9, Map.of("http", 8100), "ready", 0)));
    }
}
