package dev.guildcast.suite.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChildrenDieWithTheSupervisorIT {
    @TempDir
    Path folder;

    @ParameterizedTest(name = "ended by force: {0}")
    @ValueSource(booleans = {true, false})
    void whateverEndsIt(boolean byForce) throws IOException {
        var supervising = start();
        try {
            var child = childOf(supervising);
            assertThat(child.isAlive()).isTrue();
            if (byForce) {
                supervising.destroyForcibly();
            } else {
                supervising.destroy();
            }
            await().atMost(Duration.ofSeconds(20)).until(() -> !child.isAlive());
            if (!byForce) {
                assertThat(folder.resolve("fake-1.log")).content().contains("fake service is closed in order");
            }
        } finally {
            supervising.destroyForcibly();
        }
    }

    @Test
    void butNotBecauseItsStandardInputIsClosed() throws IOException {
        var supervising = start();
        try {
            var child = childOf(supervising);
            supervising.getOutputStream().close();
            await().during(Duration.ofMillis(500)).atMost(Duration.ofSeconds(5)).until(child::isAlive);
            assertThat(supervising.isAlive()).isTrue();
        } finally {
            supervising.destroyForcibly();
        }
    }

    private Process start() throws IOException {
        int port;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        var healthy = Files.createFile(folder.resolve("healthy"));
        return new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SupervisorProcess.class.getName(),
                        folder.toString(),
                        Integer.toString(port),
                        healthy.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static ProcessHandle childOf(Process supervising) throws IOException {
        var line = supervising.inputReader().readLine();
        assertThat(line).startsWith("child ");
        return ProcessHandle.of(Long.parseLong(line.substring("child ".length())))
                .orElseThrow();
    }
}
