package dev.guildcast.suite.process;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A test process that supervises one fake service, prints its process id, and waits.
final class SupervisorProcess {
    private SupervisorProcess() {}

    /// @param args a folder, a port, and the file of the fake service's health
    public static void main(String... args) throws InterruptedException, IOException {
        var java = Path.of(ProcessHandle.current().info().command().orElseThrow());
        var flags = List.of("-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"));
        var folder = Path.of(args[0]);
        var spec = new ServiceSpec(
                "fake",
                1,
                FakeService.class.getName(),
                List.of(args[1], args[2]),
                Map.of("http", Integer.parseInt(args[1])),
                Optional.of(URI.create("http://127.0.0.1:" + args[1] + "/health")),
                Set.of(),
                32);
        var service = new Supervisor.Service(spec, new JavaProcessLauncher(java, flags, folder.resolve("started")));
        var supervisor = new Supervisor(List.of(service), folder, new SuiteListener() {
            @Override
            public void onState(ServiceStatus status) {
                if (status.state() == ServiceState.READY) {
                    System.out.println("child " + status.pid());
                }
            }

            @Override
            public void onEnded(ServiceStatus status, String reason, Duration backoff) {}
        });
        Runtime.getRuntime().addShutdownHook(new Thread(supervisor::close));
        supervisor.start();
        Thread.currentThread().join();
    }
}
