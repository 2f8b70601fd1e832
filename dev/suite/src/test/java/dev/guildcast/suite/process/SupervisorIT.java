package dev.guildcast.suite.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.guildcast.suite.process.HealthProbe.Health;
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
            try (var supervisor =
                    new Supervisor(List.of(spec), folder, listener, supervision(health -> Health.HEALTHY))) {
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
            assertThat(HealthProbe.byScheme().probe(health(port))).isEqualTo(Health.HEALTHY);
        }
        assertThat(HealthProbe.byScheme().probe(health(port))).isEqualTo(Health.SILENT);
    }

    /// Whoever closed a suite deletes its folder next, and a broker halts the JVM when its folder disappears.
    @Test
    void returnsOnlyWhenServicesInThisJvmHaveClosed() throws Exception {
        var closed = folder.resolve("closed");
        var slow = new ServiceSpec(
                "broker",
                1,
                SlowlyClosingService.class.getName(),
                List.of(closed.toString(), "3000"),
                Map.of(),
                Optional.empty(),
                Set.of(),
                32);
        var supervisor = new Supervisor(List.of(new Service(slow, new InProcessLauncher())), folder, listener);
        supervisor.start();
        awaitReady(supervisor);
        supervisor.close();
        assertThat(closed).exists();
    }

    @Test
    void runsAndRestartsRedis() throws Exception {
        try (var supervisor = new Supervisor(List.of(redis(freePort())), folder, listener)) {
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

    @Test
    void restartsAServiceThatHangs() throws Exception {
        var hangs = new Supervision(
                HealthProbe.byScheme(), Backoff::defaults, Duration.ofSeconds(1), Duration.ofMinutes(1), 4);
        try (var supervisor = new Supervisor(List.of(fake("one", freePort(), Set.of())), folder, listener, hangs)) {
            supervisor.start();
            awaitReady(supervisor);
            long before = supervisor.statuses().getFirst().pid();
            signal("-STOP", before);
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> supervisor.isReady()
                            && supervisor.statuses().getFirst().pid() != before);
            assertThat(ended).containsExactly("one-1: did not respond for 1 s");
        }
    }

    @Test
    void doesNotRestartAServiceThatRespondsButCannotServe() throws Exception {
        var impatient = new Supervision(
                HealthProbe.byScheme(), Backoff::defaults, Duration.ofMillis(100), Duration.ofMinutes(1), 4);
        try (var supervisor = new Supervisor(List.of(fake("one", freePort(), Set.of())), folder, listener, impatient)) {
            supervisor.start();
            awaitReady(supervisor);
            Files.delete(healthy());
            await().atMost(Duration.ofSeconds(10)).until(() -> states.contains("one-1 UNHEALTHY"));
            await().during(Duration.ofSeconds(1)).atMost(Duration.ofSeconds(5)).until(ended::isEmpty);
        }
    }

    @Test
    void givesUpAStartThatFailsInARow() throws Exception {
        var quick = new Supervision(
                HealthProbe.byScheme(),
                () -> new Backoff(Duration.ofMillis(1), Duration.ofMillis(1), Duration.ofMinutes(1)),
                Duration.ofMinutes(1),
                Duration.ofMinutes(1),
                2);
        var broken = new Service(
                new ServiceSpec("one", 1, "no.such.Class", List.of(), Map.of(), Optional.empty(), Set.of(), 32),
                fake("any", 0, Set.of()).launcher());
        try (var supervisor = new Supervisor(List.of(broken), folder, listener, quick)) {
            assertThat(supervisor.failure()).isEmpty();
            supervisor.start();
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> supervisor.failure().isPresent());
            assertThat(supervisor.failure())
                    .hasValueSatisfying(reason -> assertThat(reason)
                            .startsWith("one-1 ended 2 times in a row before it was ready: ")
                            .contains(
                                    "no.such.Class", folder.resolve("one-1.log").toString()));
        }
    }

    /// As the kernel does when memory runs short: each time the largest.
    @Test
    void givesUpAStartWhoseServicesAreKilled() throws Exception {
        var quick = new Supervision(
                HealthProbe.byScheme(),
                () -> new Backoff(Duration.ofMillis(1), Duration.ofMillis(1), Duration.ofMinutes(1)),
                Duration.ofMinutes(1),
                Duration.ofMinutes(1),
                2);
        var services = List.of(fake("one", freePort(), Set.of()), fake("two", freePort(), Set.of()));
        try (var supervisor = new Supervisor(services, folder, listener, quick)) {
            supervisor.start();
            awaitReady(supervisor);
            supervisor.kill("one-1");
            await().atMost(Duration.ofSeconds(20)).until(() -> ended.contains("one-1: killed"));
            assertThat(supervisor.failure()).isEmpty();
            supervisor.kill("two-1");
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> supervisor.failure().isPresent());
            assertThat(supervisor.failure().orElseThrow())
                    .startsWith("processes were killed 2 times before the suite was ready (one-1, two-1), ")
                    .contains("--single");
        }
    }

    /// As a signal to the process group does, before this process has begun to stop.
    @Test
    void doesNotRestartWhatWasAskedToEndWithIt() throws Exception {
        var supervisor =
                new Supervisor(List.of(fake("one", freePort(), Set.of()), redis(freePort())), folder, listener);
        supervisor.start();
        awaitReady(supervisor);
        for (var status : supervisor.statuses()) {
            signal("-TERM", status.pid());
        }
        await().atMost(Duration.ofSeconds(10)).until(() -> processes(supervisor).isEmpty());
        supervisor.close();
        assertThat(ended).isEmpty();
        assertThat(states).noneMatch(state -> state.endsWith("BACKING_OFF"));
    }

    @Test
    void stopsWithinFiveSecondsEvenWhatDoesNotEnd() throws Exception {
        var supervisor = new Supervisor(
                List.of(fake("broker", freePort(), Set.of()), fake("one", freePort(), Set.of("broker"))),
                folder,
                listener);
        supervisor.start();
        awaitReady(supervisor);
        var processes = processes(supervisor);
        for (var process : processes) {
            signal("-STOP", process.pid());
        }
        long startedNanos = System.nanoTime();
        supervisor.close();
        assertThat(Duration.ofNanos(System.nanoTime() - startedNanos)).isLessThan(Duration.ofMillis(5_500));
        assertThat(processes).hasSize(2).noneMatch(ProcessHandle::isAlive);
    }

    private static void signal(String signal, long pid) throws Exception {
        assertThat(new ProcessBuilder("kill", signal, Long.toString(pid))
                        .start()
                        .waitFor())
                .isZero();
    }

    private static Service redis(int port) {
        return new Service(
                new ServiceSpec(
                        "redis",
                        1,
                        "",
                        List.of(),
                        Map.of("redis", port),
                        Optional.of(URI.create("redis://127.0.0.1:" + port)),
                        Set.of(),
                        0),
                new RedisProcessLauncher());
    }

    private static Supervision supervision(HealthProbe probe) {
        return new Supervision(probe, Backoff::defaults, Duration.ofMinutes(1), Duration.ofMinutes(1), 4);
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
