package dev.guildcast.suite.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.guildcast.suite.process.Supervisor.Service;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SupervisorIT {
    @TempDir
    Path folder;

    private final List<String> ended = new CopyOnWriteArrayList<>();
    private final List<String> states = new CopyOnWriteArrayList<>();
    private final SuiteListener listener = new SuiteListener() {
        @Override
        public void onState(ServiceStatus status) {
            states.add(status.id() + " " + status.state());
        }

        @Override
        public void onEnded(ServiceStatus status, String reason, Duration backoff) {
            ended.add(status.id() + ": " + reason);
        }
    };

    @BeforeEach
    void isHealthy() throws IOException {
        Files.createFile(healthy());
    }

    @Test
    void startsDependenciesFirstAndStopsThemLast() throws Exception {
        var first = fake("first", freePort(), Set.of());
        var second = fake("second", freePort(), Set.of("first"));
        var supervisor = new Supervisor(List.of(second, first), folder, listener);
        supervisor.start();
        awaitReady(supervisor);
        assertThat(states.indexOf("second-1 STARTING")).isGreaterThan(states.indexOf("first-1 READY"));
        var processes = processes(supervisor);
        assertThat(processes).hasSize(2).allMatch(ProcessHandle::isAlive);
        supervisor.close();
        assertThat(processes).noneMatch(ProcessHandle::isAlive);
        assertThat(states.subList(states.size() - 2, states.size()))
                .containsExactly("second-1 STOPPED", "first-1 STOPPED");
        assertThat(ended).isEmpty();
        assertThat(folder.resolve("first-1.log")).content().contains("fake service is closed in order");
    }

    @Test
    void restartsAKilledService() throws Exception {
        try (var supervisor = new Supervisor(List.of(fake("one", freePort(), Set.of())), folder, listener)) {
            supervisor.start();
            awaitReady(supervisor);
            var before = supervisor.statuses().getFirst().pid();
            assertThat(supervisor.kill("one-1")).isTrue();
            assertThat(supervisor.kill("two-1")).isFalse();
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> supervisor.isReady()
                            && supervisor.statuses().getFirst().pid() != before);
            assertThat(supervisor.statuses().getFirst().restarts()).isEqualTo(1);
            assertThat(ended).containsExactly("one-1: killed");
        }
    }

    @Test
    void doesNotAcceptAnotherServerOnThePort() throws Exception {
        try (var stranger = FakeService.start("0", healthy().toString());
                var holder = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(stranger).isNotNull();
            var spec = fake("one", holder.getLocalPort(), Set.of());
            try (var supervisor = new Supervisor(List.of(spec), folder, listener, health -> true, Map.of())) {
                supervisor.start();
                await().atMost(Duration.ofSeconds(20)).until(() -> !ended.isEmpty());
                assertThat(states).doesNotContain("one-1 READY");
                assertThat(ended.getFirst()).contains("Address already in use");
            }
        }
    }

    @Test
    void reportsARunningServiceThatIsUnhealthy() throws Exception {
        try (var supervisor = new Supervisor(List.of(fake("one", freePort(), Set.of())), folder, listener)) {
            supervisor.start();
            awaitReady(supervisor);
            Files.delete(healthy());
            await().atMost(Duration.ofSeconds(10)).until(() -> states.contains("one-1 UNHEALTHY"));
            assertThat(supervisor.isReady()).isFalse();
            Files.createFile(healthy());
            awaitReady(supervisor);
            assertThat(ended).isEmpty();
        }
    }

    @Test
    void runsServicesInProcess() throws Exception {
        int port = freePort();
        var service = new Service(spec("one", port, Set.of()), new InProcessLauncher());
        try (var supervisor = new Supervisor(List.of(service), folder, listener)) {
            supervisor.start();
            awaitReady(supervisor);
            assertThat(supervisor.statuses().getFirst().pid())
                    .isEqualTo(ProcessHandle.current().pid());
            assertThat(HealthProbe.http().isHealthy(health(port))).isTrue();
        }
        assertThat(HealthProbe.http().isHealthy(health(port))).isFalse();
    }

    @Test
    void runsAndRestartsRedis() throws Exception {
        var spec =
                new ServiceSpec("redis", 1, "", List.of(), Map.of("redis", freePort()), Optional.empty(), Set.of(), 0);
        try (var supervisor =
                new Supervisor(List.of(new Service(spec, new RedisProcessLauncher())), folder, listener)) {
            supervisor.start();
            awaitReady(supervisor);
            var before = supervisor.statuses().getFirst().pid();
            assertThat(supervisor.kill("redis-1")).isTrue();
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> supervisor.isReady()
                            && supervisor.statuses().getFirst().pid() != before);
        }
        assertThat(states).endsWith("redis-1 STOPPED");
    }

    private static void awaitReady(Supervisor supervisor) {
        await().atMost(Duration.ofSeconds(30)).until(supervisor::isReady);
    }

    private static List<ProcessHandle> processes(Supervisor supervisor) {
        var handles = new ArrayList<ProcessHandle>();
        supervisor.statuses().forEach(status -> ProcessHandle.of(status.pid()).ifPresent(handles::add));
        return handles;
    }

    private Service fake(String name, int port, Set<String> dependencies) {
        var java = Path.of(ProcessHandle.current().info().command().orElseThrow());
        var flags =
                List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"));
        return new Service(
                spec(name, port, dependencies), new JavaProcessLauncher(java, flags, folder.resolve("started")));
    }

    private ServiceSpec spec(String name, int port, Set<String> dependencies) {
        return new ServiceSpec(
                name,
                1,
                FakeService.class.getName(),
                List.of(Integer.toString(port), healthy().toString()),
                Map.of("http", port),
                Optional.of(health(port)),
                dependencies,
                32);
    }

    private static URI health(int port) {
        return URI.create("http://127.0.0.1:" + port + "/health");
    }

    private Path healthy() {
        return folder.resolve("healthy");
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
